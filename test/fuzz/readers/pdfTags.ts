import { readPdf } from '../../../nodes/InSigner/pdf/readPdf';
import { findTags } from '../../../nodes/InSigner/pdf/text/finding';
import { UnreadablePdf } from '../../../nodes/InSigner/pdf/unreadablePdf';
import { mixedPages } from '../../unit/pdf/pdfSyntax';

/** All that is read of a PDF: pages, form fields, and the tags in its text. */
export async function read(input: Buffer, pause: () => Promise<void>): Promise<string> {
	const { pages, formFields, texts } = await readPdf(input, { text: true, pause });
	let [glyphs, tags] = [0, 0];
	for await (const text of texts()) {
		glyphs += text.glyphs.length;
		tags += (await findTags(text)).length;
	}
	return `${pages.length} pages, ${formFields.length} form fields, ${glyphs} glyphs, ${tags} tags`;
}

export const isRefusal = (error: unknown): boolean => error instanceof UnreadablePdf;

export const ordinary = mixedPages(true);
