// Reads PDFs from standard input, one a line in base64, and prints what pdf.js reads of each as a line of JSON: the
// texts and the form fields of the pages, in points from the top left corner of the page as shown.
import { createInterface } from 'node:readline';
import { getDocument, Util } from 'pdfjs-dist/legacy/build/pdf.mjs';

for await (const line of createInterface({ input: process.stdin })) {
	const data = new Uint8Array(Buffer.from(line, 'base64'));
	const pdf = await getDocument({ data, verbosity: 0 }).promise;
	const [texts, widgets] = [[], []];
	for (let number = 1; number <= pdf.numPages; number += 1) {
		const page = await pdf.getPage(number);
		const viewport = page.getViewport({ scale: 1 });
		const { items } = await page.getTextContent({ disableNormalization: true });
		for (const { str, transform } of items) {
			if (str === undefined || str.trim() === '') continue;
			const [, , , , x, y] = Util.transform(viewport.transform, transform);
			texts.push({ page: number, text: str, x, y });
		}
		for (const { subtype, fieldType, fieldName, rect } of await page.getAnnotations()) {
			if (subtype !== 'Widget') continue;
			const [x1, y1, x2, y2] = viewport.convertToViewportRectangle(rect);
			const [x, y] = [Math.min(x1, x2), Math.min(y1, y2)];
			widgets.push({
				...{ page: number, fieldType, fieldName, x, y },
				...{ width: Math.abs(x1 - x2), height: Math.abs(y1 - y2) },
			});
		}
	}
	process.stdout.write(`${JSON.stringify({ texts, widgets })}\n`);
}
