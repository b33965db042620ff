import type { Problem } from '../../parameters/checks';
import type { EnteredField } from './fieldInput';

/** A field that the PDF itself asks for. */
export interface FieldInPdf {
	/** As it is in the PDF: a tag, or the name of a form field. */
	text: string;
	/** From 1. */
	page: number;
	/** Whose it is, as the PDF says it; undefined if it doesn't. */
	signer?: string;
	/** Undefined if it cannot be placed. */
	field?: EnteredField;
	/** Why it cannot be placed, as the rest of a sentence that begins with its name. */
	problem?: string;
}

/**
 * Makes the fields of a PDF ready to be placed.
 *
 * @param found - the fields of the PDF
 * @param nameOf - what errors call one
 * @returns those that can be placed, what errors call each, and what is wrong with the others
 */
export function toEntered(
	found: readonly FieldInPdf[],
	nameOf: (text: string) => string,
): { entered: EnteredField[]; names: string[]; problems: Problem[] } {
	const entered: EnteredField[] = [];
	const names: string[] = [];
	const problems: Problem[] = [];
	for (const { text, page, field, problem } of found) {
		const name = `${nameOf(shortened(text))} (page ${page})`;
		if (problem !== undefined) problems.push({ parameter: name, message: problem });
		if (!field) continue;
		entered.push(field);
		names.push(name);
	}
	return { entered, names, problems };
}

/** Of a text in an error. */
const LONGEST = 80;

/**
 * A text of the PDF as errors and hints show it.
 *
 * @param text - as it is there
 */
export function shortened(text: string): string {
	return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
