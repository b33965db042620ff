import { PDFDocument, StandardFonts, rgb, type PDFFont, type PDFPage } from 'pdf-lib';

import { PAGE, type PlannedField } from './fieldPlan';

const INK = rgb(0.1, 0.1, 0.3);
const PALE = rgb(0.85, 0.87, 0.95);
const FRAME = rgb(0.8, 0.2, 0.1);

/**
 * A PDF that shows where its fields belong: a ruler in points from the top left corner, and a frame for each field
 * with its label and its person.
 *
 * @param title - title of every page
 * @param fields - what belongs where
 * @returns the file
 */
export async function makeRulerPdf(
	title: string,
	fields: readonly PlannedField[],
): Promise<Uint8Array> {
	const pdf = await PDFDocument.create();
	pdf.setTitle(title);
	const font = await pdf.embedFont(StandardFonts.Helvetica);
	const pages = Math.max(1, ...fields.map(({ page }) => page));
	for (let number = 1; number <= pages; number += 1) {
		const page = pdf.addPage([PAGE.width, PAGE.height]);
		drawRuler(page, font);
		const text = `${title}, page ${number}. Each field belongs on its frame.`;
		page.drawText(text, { x: 70, y: PAGE.height - 48, size: 9, font, color: INK });
		for (const field of fields.filter((one) => one.page === number)) drawFrame(page, font, field);
	}
	return await pdf.save();
}

/** Lines every 50 points, with numbers along the top and the left. */
function drawRuler(page: PDFPage, font: PDFFont): void {
	for (let x = 50; x < PAGE.width; x += 50) {
		page.drawLine({ start: { x, y: 0 }, end: { x, y: PAGE.height }, thickness: 0.4, color: PALE });
		page.drawText(String(x), { x: x + 1, y: PAGE.height - 12, size: 7, font, color: INK });
	}
	for (let y = 50; y < PAGE.height; y += 50) {
		const fromBottom = PAGE.height - y;
		page.drawLine({
			start: { x: 0, y: fromBottom },
			end: { x: PAGE.width, y: fromBottom },
			thickness: 0.4,
			color: PALE,
		});
		page.drawText(String(y), { x: 4, y: fromBottom + 1, size: 7, font, color: INK });
	}
}

function drawFrame(page: PDFPage, font: PDFFont, field: PlannedField): void {
	const { x, y, width, height, label, assignedTo } = field;
	const bottom = PAGE.height - y - height;
	page.drawRectangle({ x, y: bottom, width, height, borderColor: FRAME, borderWidth: 0.8 });
	const text = `${label}, person ${assignedTo + 1}`;
	page.drawText(text, { x, y: PAGE.height - y + 2, size: 7, font, color: FRAME });
}
