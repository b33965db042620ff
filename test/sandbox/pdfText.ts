import { join } from 'node:path';

import { linesByPdfJs } from './pdfJs';

/** A piece of text and where it is, in points from the bottom left. */
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
 * @throws Error with pdf.js's own words if it cannot open the file
 */
export async function readPdfText(pdf: Uint8Array): Promise<PlacedText[][]> {
	return (await linesByPdfJs(join(__dirname, 'printPdfText.mjs'), pdf)) as PlacedText[][];
}
