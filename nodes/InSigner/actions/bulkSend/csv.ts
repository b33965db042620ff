import type { Reading } from '../../parameters/values';
import { namedAlike } from './columns';

/** What spreadsheets put between cells. */
const DELIMITERS = [',', ';', '\t'];

/** Excel's own way to name the delimiter, in the first line. */
const NAMED_DELIMITER = /^"?sep=([,;|:^~\t])"?(?:\r\n|\r|\n|$)/i;

/** How many columns of a file an error names. */
const NAMED_COLUMNS = 20;

/** One line of a CSV file; a line may continue over several lines of the file inside quotes. */
export interface CsvRow {
	/** The line of the file in which it begins, from 1. */
	line: number;
	/** By column name in lower case, a recipient's own columns by theirs; empty if the line is short. */
	values: Record<string, string>;
	/** What is wrong with this line alone, as the rest of a sentence that starts with it. */
	problems: string[];
}

/** One line, cut into cells. */
interface Cells {
	line: number;
	cells: string[];
}

/**
 * Reads a CSV file as spreadsheets write them: RFC 4180 quoting; comma, semicolon or tab, or what "sep=" names; any
 * line end. It is strict: a file that could be read in two ways is refused, because the other way may be the right
 * one and someone would get a contract with a wrong name, or none.
 *
 * @param text - the file without a byte order mark; its first line names the columns
 * @param columns - names in lower case: those that must be there, and others that are used when they are
 * @returns the lines that are not empty; or what is wrong, as the rest of a sentence that starts with the file
 */
export function readCsv(
	text: string,
	columns: { required: readonly string[]; optional: readonly string[] },
): Reading<CsvRow[]> {
	if (text.trim() === '') return { message: 'is empty' };
	const named = NAMED_DELIMITER.exec(text);
	const content = named ? text.slice(named[0].length) : text;
	const firstLine = named ? 2 : 1;

	// The delimiter is the one with which the first line names the columns: nothing is guessed from what is frequent.
	const headers = (named?.[1] !== undefined ? [named[1]] : DELIMITERS).map((delimiter) => {
		const read = cut(content, delimiter, firstLine, 1);
		const names = 'value' in read ? columnNames(read.value[0]) : [];
		return { delimiter, read, names, missing: missingIn(names, columns.required) };
	});
	const [header, other] = headers.filter(({ missing }) => missing.length === 0);
	if (!header) {
		const best = headers.reduce((a, b) => (b.names.length > a.names.length ? b : a));
		return 'message' in best.read ? best.read : { message: noColumn(best) };
	}
	if (other) return { message: 'can be read with more than one separator of cells' };

	const { names, delimiter } = header;
	const used = [...columns.required, ...columns.optional];
	const twice = used.find((name) => names.indexOf(name) !== names.lastIndexOf(name));
	if (twice !== undefined) return { message: `has two columns "${twice}"` };

	if (names.some((name) => name.includes('@'))) {
		return { message: 'has an email address among the names of its columns' };
	}

	const read = cut(content, delimiter, firstLine);
	if ('message' in read) return read;
	const lines = read.value.slice(1);
	if (lines.length === 0) return { message: 'has no line below the names of its columns' };
	const swallowing = lines.find(({ cells }) => mayHaveSwallowed(cells, names, used));
	if (swallowing) {
		return {
			message: `has a cell in line ${swallowing.line} that goes on in the next line: a quote is missing, or one too many`,
		};
	}
	return { value: lines.map((line) => toRow(line, names)) };
}

/**
 * Whether a line that spans several may contain other people's lines, because a quote is missing or one too many.
 * A name, an address or a phone number has no line breaks; elsewhere they are fine as long as no email
 * address but the line's own follows.
 */
function mayHaveSwallowed(cells: string[], names: string[], used: string[]): boolean {
	const first = cells.findIndex((cell) => /[\r\n]/.test(cell));
	if (first < 0) return false;
	const isUsed = (index: number) => used.includes(names[index] ?? '');
	return (
		isTooLong(cells, names) ||
		cells.some((cell, index) =>
			isUsed(index) ? /[\r\n]/.test(cell) : index >= first && cell.includes('@'),
		)
	);
}

function isTooLong(cells: string[], names: string[]): boolean {
	return cells.slice(names.length).some((cell) => cell.trim() !== '');
}

function toRow({ line, cells }: Cells, names: string[]): CsvRow {
	return {
		line,
		values: Object.fromEntries(names.map((name, index) => [name, cells[index] ?? ''])),
		problems: isTooLong(cells, names)
			? [
					`has ${cells.length} cells for ${names.length} columns: put a cell that contains a separator in quotes`,
				]
			: [],
	};
}

function columnNames(header: Cells | undefined): string[] {
	return namedAlike((header?.cells ?? []).map((name) => name.trim()));
}

function missingIn(names: string[], required: readonly string[]): string[] {
	return required.filter((name) => !names.includes(name));
}

function noColumn({ names, missing }: { names: string[]; missing: string[] }): string {
	const shown = names.slice(0, NAMED_COLUMNS).map((name) => name.slice(0, 40));
	const more = names.length > NAMED_COLUMNS ? ` and ${names.length - NAMED_COLUMNS} more` : '';
	return `has no column ${missing.map((name) => `"${name}"`).join(' and ')}; its columns are ${shown.join(', ')}${more}`;
}

/**
 * Cuts a text into lines and cells. Every character of the text is part of a cell, a delimiter, a line end or a
 * quote around a cell; quotes are only where RFC 4180 has them.
 *
 * @param text - without a line that names the delimiter
 * @param delimiter - one character
 * @param firstLine - number of the first line in the file
 * @param limit - how many lines are wanted
 * @returns the lines that hold anything
 */
function cut(
	text: string,
	delimiter: string,
	firstLine: number,
	limit = Number.POSITIVE_INFINITY,
): Reading<Cells[]> {
	const lines: Cells[] = [];
	const end = new RegExp(`["\\r\\n${delimiter}]`, 'g');
	let current: Cells = { line: firstLine, cells: [] };
	let line = firstLine;
	let at = 0;
	for (;;) {
		if (text[at] === '"') {
			const closing = closingQuote(text, at);
			if (closing < 0) return { message: `has a quote in line ${line} that nothing closes` };
			const cell = text.slice(at + 1, closing);
			current.cells.push(cell.replaceAll('""', '"'));
			line += cell.split(/\r\n|\r|\n/).length - 1;
			at = closing + 1;
		} else {
			end.lastIndex = at;
			const stop = end.exec(text)?.index ?? text.length;
			current.cells.push(text.slice(at, stop));
			at = stop;
		}
		const next = text[at];
		if (next === delimiter) {
			at += 1;
			continue;
		}
		if (next !== undefined && next !== '\r' && next !== '\n') {
			const message = `has a quote in line ${line} that stands inside a cell: put the whole cell in quotes and write each quote inside it twice`;
			return { message };
		}
		if (current.cells.some((cell) => cell.trim() !== '')) lines.push(current);
		if (next === undefined || lines.length >= limit) return { value: lines };
		at += text.startsWith('\r\n', at) ? 2 : 1;
		line += 1;
		current = { line, cells: [] };
	}
}

/** @returns where the quote that closes the one at `opening` stands; -1 when there is none */
function closingQuote(text: string, opening: number): number {
	let at = text.indexOf('"', opening + 1);
	while (at >= 0 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
	return at;
}
