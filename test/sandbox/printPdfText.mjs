// Reads a PDF from standard input and prints the text of each page as a line of JSON. A process of its own,
// because pdfjs-dist is an ES module only and jest runs CommonJS.
import { buffer } from 'node:stream/consumers';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';

const data = new Uint8Array(await buffer(process.stdin));
const pdf = await getDocument({ data, verbosity: 0 }).promise;
for (let number = 1; number <= pdf.numPages; number += 1) {
	const content = await (await pdf.getPage(number)).getTextContent();
	const items = content.items.map((item) => ({
		text: item.str,
		x: item.transform[4],
		y: item.transform[5],
	}));
	process.stdout.write(`${JSON.stringify(items)}\n`);
}
