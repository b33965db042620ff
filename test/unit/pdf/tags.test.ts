import { parseTag } from '../../../nodes/InSigner/pdf/text/tags';

it.each([
	['{{signature:1}}', { form: 'inSigner', type: 'signature', signer: '1' }],
	[
		'{{date_signed:buyer@example.com}}',
		{ form: 'inSigner', type: 'date_signed', signer: 'buyer@example.com' },
	],
	['{{text:2:Town}}', { form: 'inSigner', type: 'text', signer: '2', label: 'Town' }],
	['{{initials:1:optional}}', { form: 'inSigner', type: 'initials', signer: '1', required: false }],
	[
		'{{signature:1:120x30}}',
		{ form: 'inSigner', type: 'signature', signer: '1', width: 120, height: 30 },
	],
	['{{signature:2:n}}', { form: 'inSigner', type: 'signature', signer: '2', required: false }],
	[
		'{{Sign;role=Buyer;type=signature}}',
		{ form: 'DocuSeal', type: 'signature', signer: 'Buyer', label: 'Sign' },
	],
	[
		'{{type=select;role=Buyer;options=a,b;required=false}}',
		{ form: 'DocuSeal', type: 'dropdown', signer: 'Buyer', options: ['a', 'b'], required: false },
	],
	['{{SIGNATURE, r1}}', { form: 'Documenso', type: 'signature', signer: '1' }],
	[
		'{{text, r2, required=true, label=Town}}',
		{ form: 'Documenso', type: 'text', signer: '2', required: true, label: 'Town' },
	],
	['[sig|req|signer1]', { form: 'Dropbox Sign', type: 'signature', signer: '1', required: true }],
	[
		'[text|noreq|signer2|Town|id_1]',
		{ form: 'Dropbox Sign', type: 'text', signer: '2', label: 'Town', required: false },
	],
	[
		'{{t:s;r:y;o:“Signer 1”;}}',
		{ form: 'SignNow', type: 'signature', signer: 'Signer 1', required: true },
	],
	[
		'{{Sig_es_:signer1:signature}}',
		{ form: 'Adobe Acrobat Sign', type: 'signature', signer: '1', label: 'Sig' },
	],
	[
		'{{*home_town_es_:signer2}}',
		{ form: 'Adobe Acrobat Sign', type: 'text', signer: '2', label: 'home town', required: true },
	],
	[
		'{signature:Client______}',
		{ form: 'PandaDoc', type: 'signature', signer: 'Client', required: true },
	],
	[
		'[text*:Client:town__]',
		{ form: 'PandaDoc', type: 'text', signer: 'Client', label: 'town', required: false },
	],
	['\\s1\\', { form: 'DocuSign', type: 'signature', signer: '1' }],
])('%s', (raw, tag) => {
	expect(parseTag(raw)).toEqual(tag);
});

it.each(['{{customer.name}}', '{{ }}', '[see: page 3]', '[1]', '{a:b}', '\\z1\\'])(
	'%s is no tag',
	(raw) => {
		expect(parseTag(raw)).toBeUndefined();
	},
);
