const DELIMITERS = [',', ';', '\t'];

/**
 * Reads a CSV file as spreadsheets write them: RFC 4180 quoting, comma, semicolon or tab, any line end, a byte
 * order mark or none.
 *
 * @param text - the file; its first line names the columns
 * @returns one object per line that is not empty, by column name in lower case
 */
export function parseCsv(text: string): Array<Record<string, string>> {
	const content = text.replace(/^\uFEFF/, '');
	const firstLine = content.split(/\r?\n/, 1)[0] ?? '';
	const count = (delimiter: string) => firstLine.split(delimiter).length;
	const delimiter = DELIMITERS.reduce((best, next) => (count(next) > count(best) ? next : best));

	const [header = [], ...rows] = readRows(content, delimiter);
	const columns = header.map((name) => name.trim().toLowerCase());
	return rows
		.filter((row) => row.some((value) => value.trim() !== ''))
		.map((row) => Object.fromEntries(columns.map((name, index) => [name, row[index] ?? ''])));
}

function readRows(content: string, delimiter: string): string[][] {
	const rows: string[][] = [];
	let row: string[] = [];
	let value = '';
	let quoted = false;
	const endValue = () => {
		row.push(value);
		value = '';
	};
	for (let at = 0; at < content.length; at++) {
		const character = content.charAt(at);
		if (quoted) {
			if (character !== '"') value += character;
			else if (content.charAt(at + 1) === '"') value += content.charAt(++at);
			else quoted = false;
		} else if (character === '"' && value.trim() === '') {
			value = '';
			quoted = true;
		} else if (character === delimiter) {
			endValue();
		} else if (character === '\n') {
			endValue();
			rows.push(row);
			row = [];
		} else if (character !== '\r') {
			value += character;
		}
	}
	endValue();
	return [...rows, row];
}
