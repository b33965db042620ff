import type { BodyOf } from '../../api/endpoints';
import type { PageSize } from '../../pdf/pages';
import type { Problem } from '../../parameters/checks';
import { isObject, parsed } from '../../parameters/json';
import { FIELD_TYPES, type FieldInputName, type FieldType } from './fieldTypes';
import { place, toApiBox, type Box, type EnteredPlacement } from './placement';

type FieldCreate = BodyOf<'addField'>;

/** A field as the API takes it; required and readOnly are never left to the service. */
export type FieldInput = FieldCreate & Required<Pick<FieldCreate, 'required' | 'readOnly'>>;

/** A field as the form or a JSON text gives it. */
export interface EnteredField extends EnteredPlacement {
	type: FieldType;
	/** Position in the signing order from 1, email address or name. */
	signer: string;
	label?: string;
	required?: boolean;
	readOnly?: boolean;
	placeholder?: string;
	defaultValue?: string;
	options?: string[];
	format?: string;
	group?: string;
	/** An object, or its JSON text. */
	validation?: string | object;
}

/**
 * Fills in what n8n leaves out because the form does not show it.
 *
 * @param entered - the values of the form
 * @returns all that placing a field needs
 */
export function completed(entered: Partial<EnteredField>): EnteredField {
	return {
		type: 'signature',
		position: 'coordinates',
		page: 1,
		unit: 'points',
		x: 0,
		y: 0,
		width: 0,
		height: 0,
		...entered,
		// An expression may give the position as a number.
		signer: String(entered.signer ?? '1'),
	};
}

/** Whom a field can belong to. */
export interface FieldSigner {
	name: string;
	email: string;
	/** Position in the signing order, from 0. */
	order: number;
}

/**
 * Turns fields as entered into what the API takes.
 *
 * @param entered - in their order, which Below Previous Field goes by
 * @param parameters - display name of each, for example "Field 2"
 * @param signers - the signers of the document; undefined when nobody knows them, so that only positions can be used
 * @param pages - the pages of the PDF; undefined when they are not known
 * @returns the fields that are in order, and what is wrong with the others
 * @see https://docs.insigner.co/api/fields
 */
export function toFields(
	entered: EnteredField[],
	parameters: string[],
	signers: FieldSigner[] | undefined,
	pages: PageSize[] | undefined,
): { fields: FieldInput[]; problems: Problem[] } {
	const fields: FieldInput[] = [];
	const problems: Problem[] = [];
	const boxes = new Map<string, string>();
	let previous: Box | undefined;
	for (const [index, one] of entered.entries()) {
		const parameter = parameters[index] ?? `Field ${index + 1}`;
		const placed = place(one, one.type, pages, previous);
		const whose = signerNumber(one.signer, signers);
		const contents = readContents(one);
		const wrong = [
			...(Array.isArray(placed) ? placed : []),
			...(typeof whose === 'number' ? [] : [whose]),
			...('problem' in contents ? [contents.problem] : []),
		];
		if (!Array.isArray(placed)) {
			previous = placed;
			const box = JSON.stringify(placed);
			const same = boxes.get(box);
			if (same) wrong.push({ parameter: 'Position', message: `is exactly that of ${same}` });
			boxes.set(box, parameter);
		}
		for (const { parameter: input, message } of wrong) {
			problems.push({ parameter: `${parameter}: ${input}`, message });
		}
		if (!Array.isArray(placed) && typeof whose === 'number' && !('problem' in contents)) {
			fields.push({ type: one.type, assignedTo: whose, ...toApiBox(placed), ...contents });
		}
	}
	return { fields, problems };
}

/** Whether a signer is called by position in the signing order, not by email address or name. */
export function isPosition(signer: string): boolean {
	return /^\s*\d+\s*$/.test(signer);
}

/**
 * Finds whose field it is.
 *
 * @param entered - position in the signing order from 1, email address or name
 * @param signers - the signers of the document; undefined when nobody knows them
 * @returns the number the API names a signer by, from 0; or what is wrong
 */
export function signerNumber(entered: string, signers?: FieldSigner[]): number | Problem {
	const parameter = 'Signer';
	const text = entered.trim();
	const wanted = text.toLowerCase();
	if (isPosition(text)) {
		const order = Number(text) - 1;
		const exists = signers ? signers.some((signer) => signer.order === order) : order >= 0;
		if (exists) return order;
		const count = signers?.length === 1 ? 'is 1 signer' : `are ${signers?.length ?? 0} signers`;
		return {
			parameter,
			message: signers ? `is ${text}, but there ${count}` : 'must be 1 for the first signer',
		};
	}
	if (text === '') return { parameter, message: 'is empty' };
	const byEmail = signers?.filter(({ email }) => email.toLowerCase() === wanted) ?? [];
	const found =
		byEmail.length > 0 ? byEmail : signers?.filter(({ name }) => name.toLowerCase() === wanted);
	if (found?.length === 1 && found[0]) return found[0].order;
	return {
		parameter,
		message: found?.length
			? `"${text}" fits ${found.length} signers: use the position in the signing order`
			: `"${text}" is none of the signers, neither by position nor by email address or name`,
	};
}

type Contents = Omit<FieldInput, 'type' | 'assignedTo' | keyof Box>;

/** Required and Read Only are always said: an optional signature, by a default nobody documents, would be worthless. */
function readContents(entered: EnteredField): Contents | { problem: Problem } {
	const { type, label, placeholder, defaultValue, format, group } = entered;
	const options = (entered.options ?? []).filter((option) => option !== '');
	if (uses(type, 'options') && options.length === 0) {
		const message = `is empty, but a field of type ${type} needs something to choose from`;
		return { problem: { parameter: 'Choices', message } };
	}
	const validation = readValidation(entered.validation);
	if (validation === 'unreadable') {
		return { problem: { parameter: 'Validation', message: 'is not a JSON object' } };
	}
	return {
		required: entered.required ?? uses(type, 'required', true),
		readOnly: entered.readOnly ?? false,
		...(label && { label }),
		...(placeholder && { placeholder }),
		...(defaultValue && { defaultValue }),
		...(format && { format }),
		...(group && { group }),
		...(options.length > 0 && { options }),
		...(validation && { validation }),
	};
}

function uses(type: string, input: FieldInputName, ifUnknown = false): boolean {
	return FIELD_TYPES.find(({ value }) => value === type)?.uses.includes(input) ?? ifUnknown;
}

/**
 * Reads the Validation input.
 *
 * @param entered - an object or its JSON text; empty for none
 * @returns the object
 */
export function readValidation(
	entered?: string | object,
): Record<string, unknown> | 'unreadable' | undefined {
	if (entered === undefined || entered === '') return undefined;
	const value: unknown = typeof entered === 'string' ? parsed(entered) : entered;
	return isObject(value) ? value : 'unreadable';
}
