import { isObject, parsed } from './json';

/** One of the choices of a dropdown or a radio group. */
export interface Choice {
	/** What the field holds once it is chosen. */
	value: string;
	/** What people see. */
	label: string;
}

/**
 * Reads the choices of a field. inSigner may give them as a list, as the JSON text of one, or as `{ label, value }`.
 *
 * @param options - as a field holds them
 * @returns the choices that are not empty, in their order
 * @see https://docs.insigner.co/api/fields
 */
export function choicesIn(options: unknown): Choice[] {
	const list: unknown =
		typeof options === 'string' ? (parsed(options) ?? options.split(/[,\n]/)) : options;
	return [list].flat().flatMap((choice) => {
		const value = asShown(plainChoice(choice));
		const label = isObject(choice) ? asShown(choice.label) : '';
		return value === '' ? [] : [{ value, label: label || value }];
	});
}

/**
 * What a choice is without its label.
 *
 * @param choice - a text, or `{ label, value }`
 * @returns the text; anything else as it is
 */
export function plainChoice(choice: unknown): unknown {
	return isObject(choice) ? (choice.value ?? choice.label ?? choice) : choice;
}

function asShown(value: unknown): string {
	return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
}
