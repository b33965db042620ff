import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

/**
 * Runs a program that reads PDFs with pdf.js, which no jest environment can load, and reads the lines of JSON it
 * prints.
 *
 * @param program - path of the program
 * @param input - what it reads from standard input
 * @returns the value of each line
 * @throws Error with pdf.js's own words if it cannot open a file
 */
export async function linesByPdfJs(
	program: string,
	input: string | Uint8Array,
): Promise<unknown[]> {
	const reader = spawn(process.execPath, [program]);
	reader.stdin.on('error', () => undefined);
	reader.stdin.end(input);
	const [output, problems, [exitCode]] = await Promise.all([
		text(reader.stdout),
		text(reader.stderr),
		once(reader, 'close') as Promise<[number]>,
	]);
	if (exitCode !== 0) throw new Error(`pdf.js could not read the PDF:\n${problems}`);
	return output
		.trim()
		.split('\n')
		.map((line): unknown => JSON.parse(line));
}
