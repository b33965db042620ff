import type { Problem } from '../../parameters/checks';
import type { Parameter, Parameters } from '../../parameters/parameters';
import type { EnteredField, FieldAtText } from './fieldInput';
import type { PdfText } from './pdfContents';
import { sizeOf, standingAt, toPoints, type Box, type Unit } from './placement';

/** Which one is meant of texts that are the same; a number counts from 1. */
export type Occurrence = 'every' | 'first' | 'last' | 'only' | number;

/** Place and size of a field as entered, at a text of the PDF. */
export interface TextPlacement {
	position: 'atText';
	text: string;
	occurrence: Occurrence;
	unit: Unit;
	/** From where the text begins, to the right and down, in the unit. */
	offsetX: number;
	offsetY: number;
	/** In the unit; 0 means the usual one of the type. */
	width: number;
	height: number;
}

/** What Occurrence can be, besides a number. */
export const OCCURRENCES = ['every', 'first', 'last', 'number', 'only'] as const;

/** No document has more. */
export const MAX_OCCURRENCE = 10_000;

/** Each of them is a request, and a document with more of them was not made by a person. */
const MAX_FIELDS = 500;

/**
 * Reads which occurrence is meant.
 *
 * @param parameters - those of the field
 * @param inputs - its inputs; in JSON, a number may stand in Occurrence itself
 * @throws NodeOperationError that names the input when it does not hold what it should
 */
export function readOccurrence(
	parameters: Parameters,
	inputs: { occurrence: Parameter; occurrenceNumber: Parameter },
): Occurrence {
	const { occurrence, occurrenceNumber } = inputs;
	if (/^\d+$/.test(String(parameters.valueOf(occurrence)).trim())) {
		return parameters.wholeNumber({ ...occurrence, typeOptions: occurrenceNumber.typeOptions });
	}
	const offered = OCCURRENCES.filter((one) =>
		occurrence.options?.some((option) => 'value' in option && option.value === one),
	);
	const chosen = parameters.choice(occurrence, offered);
	return chosen === 'number' ? parameters.wholeNumber(occurrenceNumber) : chosen;
}

/** Whether the text of the PDF says where a field goes. */
export function isAtText(entered: EnteredField | FieldAtText): entered is FieldAtText {
	return entered.position === 'atText';
}

/**
 * Turns fields at texts into fields at coordinates.
 *
 * @param entered - fields of any kind
 * @param names - what errors call each, for example "Field 2"; undefined if there is only one
 * @param pdf - what was found in the PDF; undefined if no field is at a text
 * @returns the fields in their order, one for each place of a text that is meant, and what is wrong
 */
export function placedByText(
	entered: ReadonlyArray<EnteredField | FieldAtText>,
	names: readonly string[] | undefined,
	pdf: PdfText | undefined,
): { entered: EnteredField[]; names: string[] | undefined; problems: Problem[] } {
	const fields: EnteredField[] = [];
	const fieldNames: string[] = [];
	const problems: Problem[] = [];
	for (const [index, one] of entered.entries()) {
		const name = names?.[index];
		if (!isAtText(one)) {
			fields.push(one);
			fieldNames.push(name ?? '');
			continue;
		}
		const placed = pdf ? atText(one, pdf) : { problem: NO_PDF };
		if ('problem' in placed) {
			const { parameter, message } = placed.problem;
			problems.push({ parameter: name ? `${name}: ${parameter}` : parameter, message });
			continue;
		}
		for (const field of placed.fields) {
			fields.push(field);
			fieldNames.push(placed.fields.length > 1 ? `${name} (page ${field.page})` : (name ?? ''));
		}
	}
	problems.push(...tooManyFields(fields.length, 'Fields'));
	return { entered: fields, names: names && fieldNames, problems };
}

const NO_PDF: Problem = {
	parameter: 'Position',
	message: 'needs the PDF, because it is given by a text',
};

/**
 * Checks how many fields a PDF would give.
 *
 * @param count - of the fields
 * @param parameter - display name of what they are from
 */
export function tooManyFields(count: number, parameter: string): Problem[] {
	if (count <= MAX_FIELDS) return [];
	return [{ parameter, message: `would be ${count}; a document can have ${MAX_FIELDS}` }];
}

function atText(
	field: FieldAtText,
	pdf: PdfText,
): { fields: EnteredField[] } | { problem: Problem } {
	const { text, occurrence, offsetX, offsetY, ...rest } = field;
	const places = pdf.places.get(text) ?? [];
	const meant = chosen(places, occurrence, pdf);
	if (typeof meant === 'string') {
		return { problem: { parameter: 'Text', message: `"${text}" ${meant}` } };
	}
	const fields: EnteredField[] = [];
	for (const place of meant) {
		const pageSize = pdf.pages[place.page - 1];
		const size = sizeOf(field, field.type, pageSize);
		const at = {
			...place,
			x: place.x + toPoints(offsetX, field.unit, pageSize?.widthPt),
			y: place.y + toPoints(offsetY, field.unit, pageSize?.heightPt),
		};
		const isShown = pageSize && standingAt(place, size, pageSize);
		if (!isShown) {
			const message = `"${text}" on page ${place.page} is outside of what is shown of the page`;
			return { problem: { parameter: 'Text', message } };
		}
		const box = standingAt(at, size, pageSize);
		if (!box) {
			const message = `puts the field at "${text}" beyond page ${place.page}`;
			return { problem: { parameter: 'Offset', message } };
		}
		fields.push({ ...rest, ...box, position: 'coordinates', unit: 'points' });
	}
	return { fields };
}

/** The places that are meant, or why there are none. */
function chosen(places: readonly Box[], occurrence: Occurrence, pdf: PdfText): string | Box[] {
	const [first, second] = places;
	const times = second ? `${places.length} times` : 'once';
	if (!first) return `isn't in the PDF, which has ${inWords(pdf)}`;
	if (occurrence === 'only' && second) {
		const pages = [...new Set(places.map(({ page }) => page))].slice(0, 5).join(', ');
		return `is in the PDF ${times} (page ${pages}): say which with Occurrence, or use more of the text`;
	}
	if (occurrence === 'every') return [...places];
	if (occurrence === 'last') return places.slice(-1);
	const place = typeof occurrence === 'number' ? places[occurrence - 1] : first;
	return place ? [place] : `is in the PDF ${times}, so there is no number ${occurrence}`;
}

/**
 * What a PDF is like in which something was not found.
 *
 * @param pdf - the PDF
 * @returns for example "3 pages with other text"
 */
export function inWords({ pages, hasText }: Pick<PdfText, 'pages' | 'hasText'>): string {
	const count = pages.length === 1 ? '1 page' : `${pages.length} pages`;
	return hasText ? `${count} with other text` : `${count} without any text, like a scan`;
}
