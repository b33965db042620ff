import { frameOf, type PageSize } from './pages/frame';
import { pagesOf } from './pages/tree';
import { scanObjects } from './scan/scan';

export type { PageSize } from './pages/frame';

/**
 * Reads how large the pages of a PDF are. A stream is read once and never held; it is closed in the end.
 *
 * @param content - the file
 * @param pause - awaited between pieces of work, so that others can run
 * @returns the size of each page in order, after cropping, rotation and UserUnit
 * @throws UnreadablePdf when the sizes cannot be known; and what the stream itself throws
 * @see ISO 32000-1 (https://opensource.adobe.com/dc-acrobat-sdk-docs/pdfstandards/PDF32000_2008.pdf)
 */
export async function readPages(
	content: Buffer | AsyncIterable<Uint8Array>,
	pause: () => Promise<void> = async () => undefined,
): Promise<PageSize[]> {
	const objects = await scanObjects(Buffer.isBuffer(content) ? [content] : content, pause);
	const sizes: PageSize[] = [];
	for await (const page of pagesOf(objects, pause)) {
		sizes.push(frameOf(page, sizes.length + 1).size);
	}
	return sizes;
}
