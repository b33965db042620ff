// Reads PDFs from standard input, one a line in base64, and prints the page sizes of each as pdf.js has them, as a
// line of JSON. A process of its own, because pdfjs-dist is an ES module only and jest runs CommonJS.
import { createInterface } from 'node:readline';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';

for await (const line of createInterface({ input: process.stdin })) {
	const data = new Uint8Array(Buffer.from(line, 'base64'));
	const pdf = await getDocument({ data, verbosity: 0 }).promise;
	const sizes = [];
	for (let number = 1; number <= pdf.numPages; number += 1) {
		const { view, rotate, userUnit } = await pdf.getPage(number);
		const [width, height] = [view[2] - view[0], view[3] - view[1]].map((side) => side * userUnit);
		sizes.push(
			rotate % 180 === 0
				? { widthPt: width, heightPt: height }
				: { widthPt: height, heightPt: width },
		);
	}
	process.stdout.write(`${JSON.stringify(sizes)}\n`);
}
