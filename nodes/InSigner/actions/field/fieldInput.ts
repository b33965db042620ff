import type { BodyOf } from '../../api/endpoint';
import type { Problem } from '../../parameters/checks';
import { plainChoice } from '../../json/choices';
import { parsed } from '../../json/json';
import type { Parameter, Parameters } from '../../parameters/parameters';
import { readList } from '../../parameters/values';
import type { PageSize } from '../../pdf/pages';
import { POSITIONS, UNITS, type FieldInputs } from './fieldProperties';
import { signerNumber, type EnteredSigner, type FieldSigner } from './fieldSigner';
import { readOccurrence, type TextPlacement } from './atText';
import { FIELD_TYPES, type FieldInputName, type FieldType } from './fieldTypes';
import { overlap, place, toApiBox, type Box, type EnteredPlacement } from './placement';

type FieldCreate = BodyOf<'addField'>;

/** A field as the API takes it; required and readOnly are never left to the service. */
export type FieldInput = FieldCreate & Required<Pick<FieldCreate, 'required' | 'readOnly'>>;

/** What is entered of a field besides its place, each input in its own type. */
export interface FieldDetails extends EnteredSigner {
	type: FieldType;
	label: string;
	/** Undefined if not given. */
	required?: boolean;
	readOnly?: boolean;
	placeholder: string;
	defaultValue: string;
	options: string[];
	format: string;
	group: string;
	validation?: Record<string, unknown>;
}

/** A field as entered. */
export interface EnteredField extends EnteredPlacement, FieldDetails {}

/** A field as entered whose place only the text of the PDF says. */
export interface FieldAtText extends TextPlacement, FieldDetails {}

/** A field that has been placed. */
export interface PlacedField {
	/** What errors call it, for example "Field 2". */
	name: string;
	box: Box;
}

/**
 * Reads one field.
 *
 * @param parameters - those of the field
 * @param inputs - its inputs: those of the form, or those of an entry of Fields (JSON)
 * @param options - where the inputs of Field Options are: in it, or beside the others in an entry of Fields (JSON)
 * @returns the field; its signer only if Signer is set
 * @throws NodeOperationError that names the input when it does not hold what it should
 */
export function readField(
	parameters: Parameters,
	inputs: FieldInputs,
	options: Parameters,
): EnteredField | FieldAtText {
	const type = parameters.choice(
		inputs.type,
		FIELD_TYPES.map(({ value }) => value),
	);
	const position = parameters.choice(
		inputs.position,
		POSITIONS.filter((one) => hasOption(inputs.position, one)),
	);
	const details: FieldDetails = {
		type,
		signer: parameters.text(inputs.signer),
		label: options.text(inputs.label),
		...(options.has(inputs.required) && { required: options.yesNo(inputs.required) }),
		...(options.has(inputs.readOnly) && { readOnly: options.yesNo(inputs.readOnly) }),
		placeholder: parameters.text(inputs.placeholder),
		defaultValue: parameters.text(inputs.defaultValue),
		options: readChoices(parameters, inputs.options),
		format: parameters.text(inputs.format),
		group: parameters.text(inputs.group),
		validation: parameters.object(inputs.validation),
	};
	const size = {
		unit: options.choice(inputs.unit, UNITS),
		width: options.number(inputs.width),
		height: options.number(inputs.height),
	};
	if (position === 'atText') {
		const text = parameters.text(inputs.text);
		if (text === '') parameters.refuse(inputs.text, 'is empty');
		return {
			...{ ...details, ...size, position, text },
			occurrence: readOccurrence(parameters, inputs),
			offsetX: options.number(inputs.offsetX),
			offsetY: options.number(inputs.offsetY),
		};
	}
	const exactly = position === 'coordinates';
	// Not even a default replaces a place that was given and then lost, as n8n loses what it considers hidden.
	for (const input of exactly ? [inputs.page, inputs.x, inputs.y] : []) {
		if (!parameters.has(input)) parameters.refuse(input, 'is missing');
	}
	return {
		...{ ...details, ...size, position },
		...(position !== 'belowPrevious' && { page: parameters.wholeNumber(inputs.page) }),
		x: exactly ? parameters.number(inputs.x) : 0,
		y: exactly ? parameters.number(inputs.y) : 0,
	};
}

/**
 * Reads Choices. inSigner may give them as a list, as the JSON text of one, or as `{ label, value }`.
 *
 * @param parameters - those of the field
 * @param choices - the input
 * @returns the choices that are not empty
 * @throws NodeOperationError that names the input when one of them isn't text
 */
export function readChoices(parameters: Parameters, choices: Parameter): string[] {
	const value = parameters.valueOf(choices);
	const list: unknown = typeof value === 'string' ? (parsed(value) ?? value) : value;
	const read = readList(Array.isArray(list) ? list.map(plainChoice) : value);
	return 'value' in read ? read.value : parameters.refuse(choices, read.message);
}

function hasOption({ options }: Parameter, wanted: string): boolean {
	return options?.some((option) => 'value' in option && option.value === wanted) ?? false;
}

/**
 * Turns fields as entered into what the API takes.
 *
 * @param entered - in their order, which Below Previous Field goes by
 * @param names - what errors call each, for example "Field 2"; undefined if there is only one
 * @param signers - the signers of the document; undefined when they are not known
 * @param pages - the pages of the PDF; undefined when they are not known
 * @param held - the fields that exist already
 * @returns the fields that are fine, and what is wrong with the others
 * @see https://docs.insigner.co/api/fields
 */
export function toFields(
	entered: EnteredField[],
	names: string[] | undefined,
	signers: FieldSigner[] | undefined,
	pages: PageSize[] | undefined,
	held: PlacedField[] = [],
): { fields: FieldInput[]; problems: Problem[] } {
	const fields: FieldInput[] = [];
	const problems: Problem[] = [];
	const placedFields = [...held];
	let previous: Box | undefined;
	for (const [index, one] of entered.entries()) {
		const name = names?.[index] ?? 'Field';
		const placed = place(
			one,
			one.type,
			pages,
			previous,
			placedFields.map(({ box }) => box),
		);
		const whose = signerNumber(one, signers);
		const contents = contentsOf(one);
		const wrong = [
			...(Array.isArray(placed) ? placed : []),
			...(typeof whose === 'number' ? [] : [whose]),
			...('problem' in contents ? [contents.problem] : []),
		];
		for (const { parameter, message } of wrong) {
			problems.push({ parameter: names ? `${name}: ${parameter}` : parameter, message });
		}
		if (Array.isArray(placed)) continue;
		problems.push(...overlapping({ name, box: placed }, placedFields));
		previous = placed;
		placedFields.push({ name, box: placed });
		if (typeof whose === 'number' && !('problem' in contents)) {
			fields.push({ type: one.type, assignedTo: whose, ...toApiBox(placed), ...contents });
		}
	}
	return { fields, problems };
}

/**
 * Checks that a field overlaps no other: of two that overlap, one hides the other.
 *
 * @param field - the field
 * @param others - the other fields of the document
 * @returns what is wrong; names the first field it overlaps
 */
export function overlapping({ name, box }: PlacedField, others: PlacedField[]): Problem[] {
	const other = others.find((one) => overlap(box, one.box));
	if (!other) return [];
	return [{ parameter: name, message: `overlaps ${other.name} on page ${box.page}` }];
}

type Contents = Omit<FieldInput, 'type' | 'assignedTo' | keyof Box>;

/**
 * Required and Read Only are always sent: a signature that is optional by an undocumented default would be worthless.
 */
function contentsOf(entered: EnteredField): Contents | { problem: Problem } {
	const { type, label, placeholder, defaultValue, options, format, group, validation } = entered;
	if (uses(type, 'options') && options.length === 0) {
		const message = `is empty, but a field of type ${type} needs something to choose from`;
		return { problem: { parameter: 'Choices', message } };
	}
	return {
		required: entered.required ?? uses(type, 'required'),
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

function uses(type: FieldType, input: FieldInputName): boolean {
	return FIELD_TYPES.some(({ value, uses: inputs }) => value === type && inputs.includes(input));
}
