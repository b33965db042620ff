import { pdfFileName } from '../../../nodes/InSigner/documents/fileName';

const document = { id: 'cm1', name: 'Lease: 3/2', completedAt: '2026-05-29T14:30:00.000Z' };

it.each([
	['', 'Lease- 3-2.pdf'],
	['signed.pdf', 'signed.pdf'],
	['signed.PDF', 'signed.PDF'],
	['{date} {name} ({documentId})', '2026-05-29 Lease- 3-2 (cm1).pdf'],
	['{unknown}', '{unknown}.pdf'],
	['{constructor} {toString} {__proto__}', '{constructor} {toString} {__proto__}.pdf'],
	['../../etc/passwd', '..-..-etc-passwd.pdf'],
	['a\u0000b\u2028c\u0085d', 'a-b-c-d.pdf'],
	// Shown as "contractfdp.exe".
	['contract\u202eexe.pdf', 'contract-exe.pdf'],
	['half a pair \ud83d', 'half a pair -.pdf'],
	['می‌خواهم', 'می‌خواهم.pdf'],
	['  spaces and dots . . ', 'spaces and dots.pdf'],
	['signed.pdf. ', 'signed.pdf'],
	['signed .pdf', 'signed.pdf'],
	['...', 'document.pdf'],
	['.pdf', 'document.pdf'],
	['CON', '_CON.pdf'],
	['con.pdf', '_con.pdf'],
	['NUL .pdf', '_NUL.pdf'],
	['nul.tar', '_nul.tar.pdf'],
	['prn  .x', '_prn  .x.pdf'],
	['Aux', '_Aux.pdf'],
	['COM1', '_COM1.pdf'],
	['lpt9.pdf', '_lpt9.pdf'],
	['COM¹', '_COM¹.pdf'],
	['CONTRACT', 'CONTRACT.pdf'],
	['console.log', 'console.log.pdf'],
	['COM10', 'COM10.pdf'],
])('pdfFileName(%j) is %j', (pattern, expected) => {
	expect(pdfFileName(pattern, document, 'UTC')).toBe(expected);
});

it("uses the day of completion in the workflow's time zone", () => {
	const day = (completedAt: string, zone: string) =>
		pdfFileName('{date}', { ...document, completedAt }, zone);
	expect(day('2026-05-29T23:30:00.000Z', 'Europe/Berlin')).toBe('2026-05-30.pdf');
	expect(day('2026-05-29T01:00:00.000Z', 'America/New_York')).toBe('2026-05-28.pdf');
	expect(day('never', 'Europe/Berlin')).toBe('document.pdf');
	expect(pdfFileName('{date}', { ...document, completedAt: null }, 'UTC')).toBe('document.pdf');
});

describe('a name that is too long for a file system', () => {
	it.each([
		['Latin', 'a', 1],
		['umlauts', 'ü', 2],
		['Chinese', '契', 3],
		['emoji', '📄', 4],
	])('%s is cut at a character', (_, character, bytes) => {
		const name = pdfFileName('', { ...document, name: character.repeat(300) }, 'UTC');
		expect(name).toBe(`${character.repeat(Math.floor(251 / bytes))}.pdf`);
		expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
	});

	it('keeps the extension, and no dot or space before it', () => {
		const name = pdfFileName(`${'a'.repeat(249)} . b.PDF`, document, 'UTC');
		expect(name).toBe(`${'a'.repeat(249)}.PDF`);
		expect(pdfFileName(`CON.${'a'.repeat(300)}`, document, 'UTC')).toHaveLength(255);
	});
});
