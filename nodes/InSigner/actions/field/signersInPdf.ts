import type { INodeProperties } from 'n8n-workflow';

import type { Problem } from '../../parameters/checks';
import type { Parameters } from '../../parameters/parameters';

/** Who a name in a PDF stands for. */
export interface SignerInPdf {
	/** As the PDF has it: a role of tags, or the beginning of the names of form fields. */
	name: string;
	/** Position in the signing order from 1, email address or name. */
	signer: string;
}

const signerInput: INodeProperties = {
	displayName: 'Signer',
	name: 'signer',
	type: 'string',
	default: '1',
	placeholder: 'e.g. 1 or jane@example.com',
	description: 'Who fills in these fields: number (1 is first), email or name',
};

/** Prefixes of form fields, one row for each. */
export const prefixesProperty = listOfNames('Prefix', {
	displayName: 'Prefixes',
	name: 'prefixes',
	placeholder: 'Add Prefix',
	displayOptions: { show: { specifyFields: ['formFields'], assignBy: ['prefix'] } },
	description:
		'Whose form fields begin with what. Not needed for signer1, signer2 and so on, by their number in the signing order.',
});

/** Roles in tags, one row for each. */
export const rolesProperty = listOfNames('Role', {
	displayName: 'Roles',
	name: 'roles',
	placeholder: 'Add Role',
	displayOptions: { show: { specifyFields: ['tags'] } },
	description:
		'Who is meant by a role in the tags, such as Buyer. Not needed where tags have a number, an email address or the name of a signer.',
});

function listOfNames(
	row: 'Prefix' | 'Role',
	property: Pick<INodeProperties, 'displayName' | 'name' | 'placeholder' | 'displayOptions'> &
		Pick<INodeProperties, 'description'>,
) {
	const nameInput: INodeProperties = {
		displayName: row,
		name: 'name',
		type: 'string',
		default: '',
		placeholder: 'e.g. buyer',
		description: 'As it is in the PDF; capital letters do not matter',
	};
	const rows = { displayName: row, name: 'row', values: [nameInput, signerInput] };
	const list: INodeProperties = {
		...property,
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		default: {},
		options: [rows],
	};
	return { list, rows, nameInput };
}

/**
 * Reads a table of names.
 *
 * @param parameters - those of the operation
 * @param table - the property of the table
 * @returns its rows
 * @throws NodeOperationError that names the row when one is empty, or a name is there twice
 */
export function readSignersInPdf(
	parameters: Parameters,
	{ list, rows, nameInput }: typeof prefixesProperty,
): SignerInPdf[] {
	const seen = new Set<string>();
	return parameters.rows(list, { ...rows, default: [] }).map((row) => {
		const name = row.text(nameInput);
		const signer = row.text(signerInput);
		if (name === '') row.refuse(nameInput, 'is empty');
		if (signer === '') row.refuse(signerInput, 'is empty');
		if (seen.has(plain(name))) row.refuse(nameInput, `is "${name}", which is there twice`);
		seen.add(plain(name));
		return { name, signer };
	});
}

/**
 * Finds who a role in a tag stands for.
 *
 * @param role - as the tag has it: a number, an email address, a name or a role
 * @param signers - the table of roles
 * @returns what says it: as the table has it, the number of "Signer 2", or the role itself
 */
export function signerOfRole(role: string, signers: readonly SignerInPdf[]): string {
	const row = signers.find(({ name }) => plain(name) === plain(role));
	return row?.signer ?? /^(?:signer|recipient)[ _-]?(\d+)$/i.exec(role)?.[1] ?? role;
}

/** What programs put before the names of form fields. */
const PATH = /^(?:(?:topmostSubform|form|#?subform|#?page(?:Set)?)\d*(?:\[\d+\])?\.)+/i;

/**
 * Finds who a form field is for.
 *
 * @param fieldName - its full name, for example "buyer.town" or "signer2_date"
 * @param signers - the table of prefixes
 * @returns the prefix as written, what says the signer, and the rest of the name; undefined if it has no known prefix
 */
export function signerOfPrefix(
	fieldName: string,
	signers: readonly SignerInPdf[],
): { prefix: string; signer: string; rest: string } | undefined {
	const own = ownName(fieldName);
	const [row] = signers
		.map(({ name, signer }) => ({ name: name.replace(/[\s._:/-]+$/, ''), signer }))
		.filter(
			({ name }) => begins(own, name.length) && plain(own.slice(0, name.length)) === plain(name),
		)
		.sort((one, other) => other.name.length - one.name.length);
	if (row) return split(own, row.name.length, row.signer);
	const [numbered = '', number] = /^signer[ _-]?(\d{1,2})(?!\d)/i.exec(own) ?? [];
	return number !== undefined && begins(own, numbered.length)
		? split(own, numbered.length, String(Number(number)))
		: undefined;
}

/**
 * What the prefix of a form field would be, if there were a table with it.
 *
 * @param fieldName - its full name
 * @returns an empty signer if the name has one part only
 */
export function firstPart(fieldName: string): { signer: string; rest: string } {
	const own = ownName(fieldName);
	const end = own.search(BETWEEN);
	const { prefix, rest } = signerOfPrefix(fieldName, []) ?? split(own, end > 0 ? end : 0, '');
	return { signer: prefix, rest };
}

function ownName(fieldName: string): string {
	return fieldName.replace(PATH, '').replace(/\[\d+\]/g, '');
}

/** Between the parts of a name. */
const BETWEEN = /[\s._:/-]/;

/** Whether a part of a name ends there. */
function begins(name: string, length: number): boolean {
	return name.length === length || BETWEEN.test(name.charAt(length));
}

function split(name: string, length: number, signer: string) {
	return {
		prefix: name.slice(0, length),
		signer,
		rest: name
			.slice(length)
			.replace(/[\s._:/-]+/g, ' ')
			.trim(),
	};
}

function plain(name: string): string {
	return name.trim().normalize('NFKC').toLowerCase();
}

/**
 * Checks that everyone who signs has something to sign: a PDF may have forgotten one.
 *
 * @param fields - the fields as the API takes them
 * @param signers - the signers of the document
 * @returns what is wrong; a problem for each signer without
 */
export function withoutSignature(
	fields: ReadonlyArray<{ type: string; assignedTo: number }>,
	signers: ReadonlyArray<{ role?: string; order: number; email: string }>,
): Problem[] {
	return signers
		.filter(({ role = 'signer', order }) => {
			return (
				role === 'signer' &&
				!fields.some(({ type, assignedTo }) => assignedTo === order && MARKS.includes(type))
			);
		})
		.map(({ order, email }) => ({
			parameter: 'The PDF',
			message: `has no signature for signer ${order + 1} (${email})`,
		}));
}

/** What a person signs with. */
const MARKS = ['signature', 'initials', 'stamp', 'approval'];
