import { readPages } from '../../../nodes/InSigner/pdf/pages';
import { UnreadablePdf } from '../../../nodes/InSigner/pdf/unreadablePdf';
import { mixedPages } from '../../unit/pdf/pdfSyntax';

export async function read(input: Buffer, pause: () => Promise<void>): Promise<string> {
	const pages = await readPages(input, pause);
	for (const side of pages.flatMap(({ widthPt, heightPt }) => [widthPt, heightPt])) {
		if (!(side > 0 && Number.isFinite(side))) throw new Error(`A page is ${side} points long`);
	}
	return `${pages.length} pages`;
}

export const isRefusal = (error: unknown): boolean => error instanceof UnreadablePdf;

export const ordinary = mixedPages(true);
