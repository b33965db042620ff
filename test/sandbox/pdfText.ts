import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

/** A piece of text and where it stands, in points from the bottom left. */
export interface PlacedText {
	text: string;
	x: number;
	y: number;
}

/**
 * Reads the text of a PDF with pdf.js.
 *
 * @param pdf - the bytes
 * @returns the pieces of text of each page
 * @throws Error with pdf.js's own words when it cannot open the file
 */
export async function readPdfText(pdf: Uint8Array): Promise<PlacedText[][]> {
	const reader = spawn(process.execPath, [join(__dirname, 'printPdfText.mjs')]);
	reader.stdin.on('error', () => undefined);
	reader.stdin.end(pdf);
	const [output, problems, [exitCode]] = await Promise.all([
		text(reader.stdout),
		text(reader.stderr),
		once(reader, 'close') as Promise<[number]>,
	]);
	if (exitCode !== 0) throw new Error(`pdf.js could not read the PDF:\n${problems}`);
	return output
		.trim()
		.split('\n')
		.map((line) => JSON.parse(line) as PlacedText[]);
}
