import { pdfFileName } from '../../../nodes/InSigner/actions/document/fileName';

const document = { id: 'cm1', name: 'Lease: 3/2', completedAt: '2026-05-29T14:30:00.000Z' };

it.each([
	['', 'Lease- 3-2.pdf'],
	['signed.pdf', 'signed.pdf'],
	['signed.PDF', 'signed.PDF'],
	['{date} {name} ({documentId})', '2026-05-29 Lease- 3-2 (cm1).pdf'],
	['{unknown}', '{unknown}.pdf'],
	['../../etc/passwd', '..-..-etc-passwd.pdf'],
	['a\u0000b', 'a-b.pdf'],
])('pdfFileName(%j) is %j', (pattern, expected) => {
	expect(pdfFileName(pattern, document)).toBe(expected);
});
