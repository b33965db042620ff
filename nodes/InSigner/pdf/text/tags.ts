/** What a tag says, in words that all forms of tags share. */
export interface Tag {
	/** Whose form it is. */
	form: string;
	/**
	 * What is to be filled in: signature, initials, date_signed, date, text, checkbox, radio, dropdown, name, email and so
	 * on; a word that is not known stands as it is, in lower case.
	 */
	type: string;
	/** A number from 1, an email address, or the name of a person or role; undefined when it says none. */
	signer?: string;
	label?: string;
	/** Undefined when it does not say. */
	required?: boolean;
	/** In points. */
	width?: number;
	height?: number;
	/** What can be chosen. */
	options?: string[];
}

export const BEGINS_TAG = /[{[\\]/;
/** In letters, brackets included. */
export const LONGEST_TAG = 504;

/** What may be a tag in a text without white space. */
export const TAG_FORMS = [
	/\{\{[^{}]{1,500}\}\}/g,
	/(?<!\{)\{[^{}]{3,200}\}(?!\})/g,
	/\[[^[\]]{3,200}\]/g,
	/\\[a-z]{1,2}\d{1,2}\\/g,
];

/** One word for one thing, by what the services say for it. */
const TYPES: Readonly<Record<string, string>> = {
	...{ sig: 'signature', s: 'signature', sign: 'signature', esignature: 'signature' },
	...{ init: 'initials', i: 'initials', initial: 'initials' },
	...{ datenow: 'date_signed', autofill_date_signed: 'date_signed', af_d_s: 'date_signed' },
	...{ datesigned: 'date_signed', signdate: 'date_signed', signeddate: 'date_signed' },
	...{ check: 'checkbox', c: 'checkbox', select: 'dropdown', choice: 'dropdown' },
	...{ fullname: 'name', autofill_name: 'name', af_n: 'name' },
	...{ autofill_email: 'email', af_e: 'email', autofill_company: 'company', af_c: 'company' },
	...{ autofill_title: 'title', af_t: 'title', autofill_phone: 'phone', af_p: 'phone' },
	...{ autofill_first_name: 'first_name', af_f_n: 'first_name' },
	...{ autofill_last_name: 'last_name', af_l_n: 'last_name', textfield: 'text', t: 'text' },
};
const typeOf = (word: string): string => {
	const plain = word
		.trim()
		.toLowerCase()
		.replace(/[\s-]+/g, '_');
	return Object.hasOwn(TYPES, plain) ? (TYPES[plain] ?? plain) : plain;
};

/** What any service may call a field; other words in single brackets are no tags. */
const KNOWN = new Set([
	...['signature', 'initials', 'date_signed', 'date', 'text', 'checkbox', 'radio', 'dropdown'],
	...['name', 'first_name', 'last_name', 'email', 'company', 'title', 'phone', 'number'],
	...['stamp', 'image', 'file', 'multiple', 'cells', 'textarea', 'billing', 'payment'],
]);

interface TagForm {
	form: string;
	/** Groups are given to `read` in order. */
	pattern: RegExp;
	/** @returns undefined when it is none after all */
	read: (...groups: string[]) => Omit<Tag, 'form'> | undefined;
}

/** The first one that reads a tag is its form. */
const FORMS: readonly TagForm[] = [
	{
		// {{Sig_es_:signer1:signature}}, {{*Town_es_:signer2}}
		form: 'Adobe Acrobat Sign',
		pattern: /^\{\{([*!]?)(\[\]|\(\))?(.+?)_es_:([^:}]+)((?::[^}]*)?)\}\}$/,
		read: (mark, box, name, signer, rest) => {
			const words = rest.split(':').map((word) => word.trim());
			const known = words.map(typeOf).find((word) => KNOWN.has(word));
			const list = /options="([^"]*)"/.exec(rest)?.[1];
			const boxed = box === '[]' ? 'checkbox' : box === '()' ? 'radio' : undefined;
			const type = boxed ?? (list === undefined ? (known ?? 'text') : 'dropdown');
			return {
				type: type === 'date' ? 'date_signed' : type,
				signer: numbered(signer, /^(?:es_)?signer\s*(\d+)$/i),
				label: name.replace(/_/g, ' ').trim(),
				...(mark === '*' && { required: true }),
				...(words.includes('optional') && { required: false }),
				...(list !== undefined && { options: listOf(list) }),
			};
		},
	},
	{
		// {{t:s;r:y;o:"Signer 1";l:"Town";}}
		form: 'SignNow',
		pattern: /^\{\{?\s*(t\s*:\s*[a-z]+\s*;[^{}]*)\}?\}$/,
		read: (entries) => {
			const says = pairsOf(entries, ';', ':');
			const type = says.t === 'd' ? 'dropdown' : typeOf(says.t ?? '');
			return {
				type,
				...entry('signer', says.o),
				...entry('label', says.l),
				...(says.r && { required: says.r === 'y' }),
				...sizeOf(says.w, says.h),
				...(says.dd && { options: listOf(says.dd) }),
			};
		},
	},
	{
		// {{Town;role=Buyer;type=text;required=false}}
		form: 'DocuSeal',
		pattern: /^\{\{([^{}]*;[^{}]*|[^{}:,]*=[^{}]*)\}\}$/,
		read: (entries) => {
			const says = pairsOf(entries, ';', '=');
			const [first = ''] = entries.split(';', 1);
			const name = says.name ?? (first.includes('=') ? undefined : first.trim());
			if (says.type === undefined && says.role === undefined) return undefined;
			return {
				type: typeOf(says.type ?? 'text'),
				...entry('signer', says.role),
				...entry('label', says.title ?? name),
				...(says.required && { required: says.required !== 'false' }),
				...sizeOf(says.width, says.height),
				...(says.options && { options: listOf(says.options) }),
			};
		},
	},
	{
		// {{SIGNATURE, r1}}, {{TEXT, r2, required=true, label=Town}}
		form: 'Documenso',
		pattern: /^\{\{\s*([A-Za-z_ ]+?)\s*,\s*r(?:ecipient)?\s*(\d+)\s*((?:,[^{}]*)?)\}\}$/i,
		read: (word, signer, rest) => {
			const says = pairsOf(rest, ',', '=');
			const type = typeOf(word);
			return {
				type: type === 'date' ? 'date_signed' : type,
				signer,
				...entry('label', says.label ?? says.placeholder),
				...(says.required && { required: says.required !== 'false' }),
				...(says.options && { options: listOf(says.options.replace(/\|/g, ',')) }),
			};
		},
	},
	{
		// {{signature:1}}, {{text:2:Town:optional}}, {{initials:1:120x30}}; of SignWell {{text:2:n:Town}}
		form: 'inSigner',
		pattern: /^\{\{\s*([A-Za-z_ ]+?)\s*(?::([^{}]*))?\}\}$/,
		read: (word, rest) => {
			const type = typeOf(word);
			if (rest === undefined && !KNOWN.has(type)) return undefined;
			const [signer, ...words] = (rest ?? '').split(':').map((part) => part.trim());
			const tag: Omit<Tag, 'form'> = { type, ...entry('signer', signer) };
			for (const part of words) {
				const size = /^(\d{1,4}(?:\.\d+)?)\s*[x×]\s*(\d{1,4}(?:\.\d+)?)$/.exec(part);
				if (/^(?:optional|n)$/i.test(part)) tag.required = false;
				else if (/^(?:required|y)$/i.test(part)) tag.required = true;
				else if (size) Object.assign(tag, sizeOf(size[1], size[2]));
				else if (part !== '') tag.label ??= part;
			}
			return tag;
		},
	},
	{
		// [sig|req|signer1], [text|noreq|signer2|Town|town_id]
		form: 'Dropbox Sign',
		pattern:
			/^\[\s*(?:def:\$\w+\|)?([a-z-]+)\s*\|\s*(req|noreq)\s*\|\s*([^|\]]+?)\s*((?:\|[^\]]*)?)\]$/i,
		read: (word, required, signer, rest) => {
			const [, label] = rest.split('|').map((part) => part.trim());
			const type = typeOf(word.replace(/-merge$/i, ''));
			return {
				type: type === 'date' ? 'date_signed' : type,
				signer: numbered(signer, /^signer\s*(\d+)$/i),
				...entry('label', label),
				required: required.toLowerCase() === 'req',
			};
		},
	},
	{
		// {signature:Client______}, [text*:Client:town__]
		form: 'PandaDoc',
		pattern: /^[[{]\s*([A-Za-z]+)\s*(\*?)\s*:\s*([^:[\]{}]+?)\s*(?::\s*([^:[\]{}]*?))?[_\s]*[\]}]$/,
		read: (word, star, role, label) => {
			const type = PANDADOC_SHORT[word.toLowerCase()] ?? typeOf(word);
			if (!KNOWN.has(type)) return undefined;
			return {
				type,
				...entry('signer', role.replace(/[_*\s]+$/, '')),
				...entry('label', label?.replace(/_+$/, '')),
				required: star !== '*' && !role.trim().endsWith('*'),
			};
		},
	},
	{
		// \s1\, \i2\, \d1\
		form: 'DocuSign',
		pattern: /^\\([a-z]{1,2})(\d{1,2})\\$/,
		read: (letters, signer) => {
			const type = DOCUSIGN[letters];
			return type ? { type, signer: String(Number(signer)) } : undefined;
		},
	},
];

const PANDADOC_SHORT: Readonly<Record<string, string | undefined>> = {
	...{ d: 'date', c: 'checkbox', dd: 'dropdown', r: 'radio' },
};
const DOCUSIGN: Readonly<Record<string, string | undefined>> = {
	...{ s: 'signature', sn: 'signature', i: 'initials', d: 'date_signed', ds: 'date_signed' },
	...{ n: 'name', e: 'email', t: 'title', co: 'company', c: 'checkbox', tx: 'text' },
};

/**
 * @param raw - a tag as it stands in a document
 * @returns what it says; undefined when it is of no form that is known
 */
export function parseTag(raw: string): Tag | undefined {
	const plain = raw.replace(/[“”„«»]/g, '"').replace(/[‘’]/g, "'");
	for (const { form, pattern, read } of FORMS) {
		const match = pattern.exec(plain);
		const tag = match && read(...match.slice(1));
		if (tag) return { form, ...tag };
	}
	return undefined;
}

const entry = <Key extends string>(key: Key, value: string | undefined) =>
	(value ? { [key]: value } : {}) as Partial<Record<Key, string>>;

const numbered = (signer: string, pattern: RegExp): string =>
	pattern.exec(signer.trim())?.[1] ?? signer.trim();

function pairsOf(
	text: string,
	between: string,
	within: string,
): Record<string, string | undefined> {
	const pairs = text.split(between).flatMap((part): Array<[string, string]> => {
		const at = part.indexOf(within);
		if (at < 0) return [];
		const value = part.slice(at + within.length).trim();
		return [[part.slice(0, at).trim().toLowerCase(), value.replace(/^["']|["']$/g, '')]];
	});
	return Object.fromEntries(pairs);
}

const listOf = (text: string): string[] =>
	text.split(',').flatMap((part) => (part.trim() === '' ? [] : [part.trim()]));

function sizeOf(
	width: string | undefined,
	height: string | undefined,
): { width?: number; height?: number } {
	const size = { width: Number(width), height: Number(height) };
	return {
		...(size.width > 0 && { width: size.width }),
		...(size.height > 0 && { height: size.height }),
	};
}
