// Prints the text of a PDF, one line a page. Takes the path of the file. A process of its own, because
// pdfjs-dist is an ES module only and jest runs CommonJS.
import { readFile } from 'node:fs/promises';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';

const data = new Uint8Array(await readFile(process.argv[2]));
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
