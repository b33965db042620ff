import { PDFDocument, StandardFonts, rgb } from 'pdf-lib';

/** US Letter, in points. */
const PAGE: [number, number] = [612, 792];
const MARGIN = 72;

/**
 * Text as a PDF: on each page the title, then the paragraphs, each on a line of its own.
 *
 * @param pages the paragraphs of each page
 */
export async function makePdf(
	title: string,
	...pages: ReadonlyArray<readonly string[]>
): Promise<Uint8Array> {
	const pdf = await PDFDocument.create();
	pdf.setTitle(title);
	const font = await pdf.embedFont(StandardFonts.TimesRoman);
	const bold = await pdf.embedFont(StandardFonts.TimesRomanBold);
	for (const paragraphs of pages) {
		const page = pdf.addPage(PAGE);
		let y = PAGE[1] - MARGIN - 20;
		page.drawText(title, { x: MARGIN, y, size: 22, font: bold, color: rgb(0.1, 0.1, 0.2) });
		for (const paragraph of paragraphs) {
			y -= 34;
			page.drawText(paragraph, { x: MARGIN, y, size: 12, font });
		}
	}
	return await pdf.save();
}
