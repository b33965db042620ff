import { readFormFields, type FormField } from './form/fields';
import { frameOf, type PageFrame, type PageSize } from './pages/frame';
import { pagesOf, type Attributes } from './pages/tree';
import { formFields, formFieldsAndText } from './scan/interest';
import { scanObjects } from './scan/scan';
import { TextReader, type PageText } from './text/reading';
import { UnreadablePdf } from './unreadablePdf';
import { Work } from './work';

/** A page with what it depends on. */
export interface Page extends PageFrame {
	/** From 1. */
	number: number;
	attributes: Attributes;
}

/** What is read of a PDF. */
export interface Pdf {
	/** As a viewer shows them, in order. */
	pages: PageSize[];
	/** In the order of the pages. */
	formFields: FormField[];
	/**
	 * The text of the pages, one after the other. It is read when it is asked for and not held, so the text of a long
	 * document takes no more memory than that of its longest page. For findText() and findTags().
	 *
	 * @throws UnreadablePdf when contents are damaged, or there are more than anyone reads
	 */
	texts: () => AsyncGenerator<PageText>;
}

/**
 * Reads the pages, the form fields and, when asked for, the text of a PDF. A stream is read once and never held; it is
 * closed in the end. Page sizes alone are had for less by readPages().
 *
 * @param content - the file
 * @param options - `text`: whether texts() will be asked for; `pause`: awaited between pieces of work and after each
 * page, so that others can run
 * @throws UnreadablePdf when the file is damaged, encrypted or too large; and what the stream itself throws
 * @see ISO 32000-1 (https://opensource.adobe.com/dc-acrobat-sdk-docs/pdfstandards/PDF32000_2008.pdf)
 */
export async function readPdf(
	content: Buffer | AsyncIterable<Uint8Array>,
	{
		text = false,
		pause = async () => undefined,
	}: { text?: boolean; pause?: () => Promise<void> } = {},
): Promise<Pdf> {
	const chunks = Buffer.isBuffer(content) ? [content] : content;
	const objects = await scanObjects(chunks, pause, text ? formFieldsAndText : formFields);
	if (objects.encrypted) throw new UnreadablePdf('is encrypted');
	const pages: Page[] = [];
	for await (const attributes of pagesOf(objects, pause)) {
		const number = pages.length + 1;
		pages.push({ ...frameOf(attributes, number), number, attributes });
	}
	return {
		pages: pages.map(({ size }) => size),
		formFields: await readFormFields(pages, objects.resolve, new Work(pause)),
		texts: () => new TextReader(objects.resolve, pause).read(text ? pages : []),
	};
}
