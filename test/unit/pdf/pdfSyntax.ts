import { join } from 'node:path';
import { Readable } from 'node:stream';
import { deflateSync } from 'node:zlib';

import { degrees, PDFDocument, PDFName, PDFNumber } from 'pdf-lib';

import type { PageSize } from '../../../nodes/InSigner/pdf/pages';
import type { Area } from '../../../nodes/InSigner/pdf/pages/geometry';
import { linesByPdfJs } from '../../sandbox/pdfJs';

/** Bytes as text in which every character stands for one of them. */
export const bytes = (content: string): Buffer => Buffer.from(content, 'latin1');

/** An indirect object. */
export const object = (number: number, value: string): string =>
	`${number} 0 obj\n${value}\nendobj\n`;

/** A stream with a dictionary that says its length right, unless told otherwise. */
export const stream = (content: string, entries = '', length = `${content.length}`): string =>
	`<< /Length ${length} ${entries} >>\nstream\n${content}\nendstream`;

/** An object stream with these objects in it. */
export function objectStream(objects: Record<number, string>, entries = '', packed = true): string {
	const numbers = Object.keys(objects);
	let offset = 0;
	const index = numbers.map((number) => {
		const place = `${number} ${offset}`;
		offset += (objects[Number(number)] ?? '').length + 1;
		return place;
	});
	const first = `${index.join(' ')} `;
	const content = first + Object.values(objects).join('\n');
	return stream(
		packed ? deflateSync(bytes(content)).toString('latin1') : content,
		`/Type /ObjStm /N ${numbers.length} /First ${first.length} ${packed ? '/Filter /FlateDecode' : ''} ${entries}`,
	);
}

export const CATALOG = object(1, '<< /Type /Catalog /Pages 2 0 R >>');
export const ONE_PAGE = object(2, '<< /Type /Pages /Kids [3 0 R] /Count 1 >>');
export const page = (number: number, entries: string): string =>
	object(number, `<< /Type /Page /Parent 2 0 R ${entries} >>`);
export const TRAILER = 'trailer\n<< /Root 1 0 R /Size 9 >>\nstartxref\n0\n%%EOF\n';

/** A file of these parts. Viewers rebuild its cross-reference table, which is missing. */
export const file = (...parts: string[]): Buffer =>
	bytes(['%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', ...parts].join(''));

/** Hands a file out in pieces, as n8n does where it keeps binary data on disk. */
export function inChunks(content: Buffer, size: number): Readable {
	return Readable.from(
		(function* () {
			for (let at = 0; at < content.length; at += size) yield content.subarray(at, at + size);
		})(),
		{ objectMode: false },
	);
}

/** Pages of many forms, made by pdf-lib. */
export async function mixedPages(useObjectStreams: boolean): Promise<Buffer> {
	const pdf = await PDFDocument.create();
	pdf.addPage([612, 792]).drawText('1 0 obj << /Type /Catalog >> endobj');
	pdf.addPage([595.28, 841.89]).setRotation(degrees(90));
	pdf.addPage([841.89, 1190.55]).setCropBox(50, 100, 400.5, 300.25);
	const turned = pdf.addPage([300, 500]);
	turned.setRotation(degrees(-90));
	turned.setCropBox(-20, 400, 200, 300);
	pdf.addPage([200, 100]).setRotation(degrees(540));
	pdf.addPage([100, 200]).node.set(PDFName.of('UserUnit'), PDFNumber.of(2.5));
	for (let number = 0; number < 60; number++) pdf.addPage([100 + number, 200]);
	return Buffer.from(await pdf.save({ useObjectStreams }));
}

/**
 * Reads page sizes with pdf.js.
 *
 * @param files - the PDFs
 * @returns the sizes of the pages of each
 * @throws Error with pdf.js's own words when it cannot open one
 */
export const sizesByPdfJs = async (files: Buffer[]): Promise<PageSize[][]> =>
	(await readByPdfJs('printPageSizes.mjs', files)) as PageSize[][];

/** What pdf.js reads of a PDF, in points from the top left corner of the page as shown. */
export interface PdfJsReading {
	/** On the base line. */
	texts: Array<{ page: number; text: string; x: number; y: number }>;
	widgets: Array<Area & { fieldType: string; fieldName: string }>;
}

/**
 * Reads texts and form fields with pdf.js.
 *
 * @param files - the PDFs
 * @throws Error with pdf.js's own words when it cannot open one
 */
export const textsByPdfJs = async (files: Buffer[]): Promise<PdfJsReading[]> =>
	(await readByPdfJs('printText.mjs', files)) as PdfJsReading[];

async function readByPdfJs(program: string, files: Buffer[]): Promise<unknown[]> {
	const input = files.map((content) => `${content.toString('base64')}\n`).join('');
	return await linesByPdfJs(join(__dirname, program), input);
}
