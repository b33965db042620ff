import type { components } from '../../api/schema';

export type FieldType = components['schemas']['FieldType'];

/** Inputs that not every type of field uses. */
export type FieldInputName =
	| 'required'
	| 'placeholder'
	| 'defaultValue'
	| 'options'
	| 'format'
	| 'group'
	| 'validation';

interface FieldTypeEntry {
	name: string;
	value: FieldType;
	/** Width and height of such a field if none are given, in points. */
	usualSizePt: readonly [number, number];
	uses: readonly FieldInputName[];
}

const LINE = [200, 24] as const;
const BOX = [20, 20] as const;
const PARAGRAPH = [200, 72] as const;

const TYPED = ['required', 'placeholder', 'defaultValue', 'validation'] as const;
const CHOSEN = ['required', 'defaultValue', 'options'] as const;

/**
 * The 25 types of field, in the order of the menu. The documentation lists the types, but not which input
 * goes with which: correct it here.
 * https://docs.insigner.co/api/fields
 */
export const FIELD_TYPES: readonly FieldTypeEntry[] = [
	entry('Address', 'address', PARAGRAPH, TYPED),
	entry('Approval', 'approval', [120, 36], ['required']),
	entry('Attachment', 'attachment', [200, 36], ['required']),
	entry('Checkbox', 'checkbox', BOX, ['required', 'defaultValue', 'group']),
	entry('Checkbox Group', 'checkbox_group', PARAGRAPH, [...CHOSEN, 'group', 'validation']),
	entry('Company', 'company', LINE, TYPED),
	entry('Date', 'date', LINE, [...TYPED, 'format']),
	entry('Date Signed', 'date_signed', LINE, ['format']),
	entry('Dropdown', 'dropdown', LINE, [...CHOSEN, 'placeholder']),
	entry('Email', 'email', LINE, []),
	entry('Formula', 'formula', LINE, ['defaultValue', 'format']),
	entry('ID Number', 'id_number', LINE, [...TYPED, 'format']),
	entry('Image', 'image', [150, 100], ['required']),
	entry('Initials', 'initials', [80, 40], ['required']),
	entry('Name', 'name', LINE, []),
	entry('Note', 'note', PARAGRAPH, ['defaultValue']),
	entry('Number', 'number', LINE, [...TYPED, 'format']),
	entry('Payment', 'payment', [200, 36], ['required', 'defaultValue', 'format']),
	entry('Phone', 'phone', LINE, [...TYPED, 'format']),
	entry('Radio Group', 'radio_group', PARAGRAPH, [...CHOSEN, 'group']),
	entry('Signature', 'signature', [200, 60], ['required']),
	entry('Stamp', 'stamp', [120, 120], ['required']),
	entry('Text', 'text', LINE, [...TYPED, 'format']),
	entry('Textarea', 'textarea', PARAGRAPH, TYPED),
	entry('Title', 'title', LINE, TYPED),
];

function entry(
	name: string,
	value: FieldType,
	usualSizePt: readonly [number, number],
	uses: readonly FieldInputName[],
): FieldTypeEntry {
	return { name, value, usualSizePt, uses };
}

/**
 * Width and height of a field if none are given.
 *
 * @param type - one of the types; an unknown one gets the size of a line
 * @returns width and height in points
 */
export function usualSizePt(type: string): readonly [number, number] {
	return FIELD_TYPES.find(({ value }) => value === type)?.usualSizePt ?? LINE;
}

/**
 * The types that use an input.
 *
 * @param input - name of the input
 * @returns values of the types
 */
export function typesUsing(input: FieldInputName): FieldType[] {
	return FIELD_TYPES.filter(({ uses }) => uses.includes(input)).map(({ value }) => value);
}
