import type { IExecuteFunctions } from 'n8n-workflow';

import { clock } from '../../api/clock';
import type { PdfFile } from '../../api/files';
import { NAMED_PROBLEMS, requireNoProblems, type Problem } from '../../parameters/checks';
import type { FormField } from '../../pdf/form/fields';
import { readPages, type PageSize } from '../../pdf/pages';
import { readPdf } from '../../pdf/readPdf';
import { findTags, findText, hasText, type FoundTag, type TextArea } from '../../pdf/text/finding';
import { UnreadablePdf } from '../../pdf/unreadablePdf';

/** What was looked for in the text of a PDF. */
export interface PdfText {
	/** As a viewer shows them, in order. */
	pages: PageSize[];
	/** Whether there is any text: a scan has none. */
	hasText: boolean;
	/** Where each text that was looked for is, from the beginning to the end. */
	places: ReadonlyMap<string, TextArea[]>;
	/** From the beginning to the end; none if they were not looked for. */
	tags: FoundTag[];
}

/** What is looked for in the text of a PDF. */
export interface Wanted {
	texts?: Iterable<string>;
	tags?: boolean;
}

/**
 * Reads the sizes of the pages of a PDF.
 *
 * @param ctx - n8n's execution context
 * @param itemIndex - index of the input item, from 0
 * @param parameter - display name of what needs them
 * @param file - the PDF
 * @returns one entry per page, in points
 * @throws NodeOperationError when they cannot be read; it says how to do without
 */
export async function measurePages(
	ctx: IExecuteFunctions,
	itemIndex: number,
	parameter: string,
	file: PdfFile,
): Promise<PageSize[]> {
	return await orRefuse(
		ctx,
		itemIndex,
		(why) => [
			{
				parameter,
				message: `cannot be placed, because the pages of the PDF cannot be measured: ${why}`,
			},
			{
				parameter: 'Position',
				message: 'can be Coordinates, with a page from 1 and a unit other than percent',
			},
		],
		async () => await readPages(await file.open(), clock.breaks()),
	);
}

/**
 * Reads the form fields and the pages of a PDF.
 *
 * @param ctx - n8n's execution context
 * @param itemIndex - index of the input item, from 0
 * @param file - the PDF
 * @throws NodeOperationError when it cannot be read; it says how to do without
 */
export async function readForm(
	ctx: IExecuteFunctions,
	itemIndex: number,
	file: PdfFile,
): Promise<{ pages: PageSize[]; formFields: FormField[] }> {
	return await orRefuse(
		ctx,
		itemIndex,
		unreadable,
		async () => await readPdf(await file.open(), { pause: clock.breaks() }),
	);
}

/**
 * Reads the pages of a PDF and looks for texts and tags, all in one pass over the file.
 *
 * @param ctx - n8n's execution context
 * @param itemIndex - index of the input item, from 0
 * @param file - the PDF
 * @param wanted - what to look for
 * @throws NodeOperationError when it cannot be read; it says how to do without
 */
export async function readText(
	ctx: IExecuteFunctions,
	itemIndex: number,
	file: PdfFile,
	{ texts = [], tags: wantsTags = false }: Wanted,
): Promise<PdfText> {
	return await orRefuse(ctx, itemIndex, unreadable, async () => {
		const pdf = await readPdf(await file.open(), { text: true, pause: clock.breaks() });
		const places = new Map(Array.from(texts, (text): [string, TextArea[]] => [text, []]));
		const tags: FoundTag[] = [];
		const damaged: number[] = [];
		let isThere = false;
		for await (const page of pdf.texts()) {
			isThere ||= hasText(page);
			if (page.isDamaged && damaged.length < NAMED_PROBLEMS) damaged.push(page.page);
			for (const [text, found] of places) found.push(...(await findText(page, text)));
			if (wantsTags) tags.push(...(await findTags(page)));
		}
		// Viewers show what there is, but what is missing may be a field that someone has to fill in.
		if (damaged.length > 0) {
			throw new UnreadablePdf(
				`is damaged on page ${damaged.join(', ')}: something that was looked for may be missing`,
			);
		}
		return { pages: pdf.pages, hasText: isThere, places, tags };
	});
}

function unreadable(why: string): Problem[] {
	return [
		{ parameter: 'The PDF', message: `cannot be read: ${why}` },
		{
			parameter: 'Fields',
			message: 'can be placed by Coordinates all the same, with the form or JSON',
		},
	];
}

async function orRefuse<T>(
	ctx: IExecuteFunctions,
	itemIndex: number,
	problems: (why: string) => Problem[],
	work: () => Promise<T>,
): Promise<T> {
	return await work().catch((error: unknown) => {
		if (error instanceof UnreadablePdf) requireNoProblems(ctx, itemIndex, problems(error.message));
		throw error;
	});
}
