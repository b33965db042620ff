import { Dictionary, Reference, type Value } from './values/objects';
import { scanObjects, type PdfObjects } from './scan/scan';
import { damaged, UnreadablePdf } from './unreadablePdf';

/** A page as a viewer shows it, in points (1/72 inch). */
export interface PageSize {
	widthPt: number;
	heightPt: number;
}

const MAX_PAGES = 20_000;

/** How many lists of pages may be inside of each other. */
const MAX_DEPTH = 10_000;

/** After how many pages others may run. */
const PAGES_IN_ONE_GO = 1000;

/** What viewers take where none is given, or one without area: a page of US Letter. */
const DEFAULT_MEDIA_BOX: Corners = [0, 0, 612, 792];

/** What the size of a page depends on, by key, references resolved; null where one leads nowhere. */
type Attributes = Readonly<Record<string, Value>>;

/** Those that a page has from the nodes above it where it has none of its own (ISO 32000-1, table 30). */
const INHERITABLE = ['MediaBox', 'CropBox', 'Rotate'];

/** Left, bottom, right, top. */
type Corners = [number, number, number, number];

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
	for (const page of pagesOf(objects)) {
		if (sizes.length === MAX_PAGES) {
			throw new UnreadablePdf(`has more than ${MAX_PAGES} pages`);
		}
		sizes.push(sizeOf(page, sizes.length + 1));
		if (sizes.length % PAGES_IN_ONE_GO === 0) await pause();
	}
	return sizes;
}

/** Walks the page tree (ISO 32000-1, 7.7.3); an own stack, because trees can be deep. */
function* pagesOf({ root, resolve }: PdfObjects): Generator<Attributes> {
	const resolved = (value: Value): Value => {
		const target = resolve(value);
		return Array.isArray(target) && target.length === 4 ? target.map(resolve) : target;
	};
	const attributesOf = (node: Dictionary, keys: string[], inherited: Attributes): Attributes => {
		const attributes = { ...inherited };
		for (const key of keys) {
			const value = node.get(key) ?? null;
			if (value !== null) attributes[key] = resolved(value);
		}
		return attributes;
	};

	const catalog = resolve(root);
	if (!(catalog instanceof Dictionary)) throw damaged('its catalog is missing');
	const visited = new Set<number>();
	const levels = [{ kids: [catalog.get('Pages')], at: 0, inherited: {} as Attributes }];
	for (let level = levels.at(-1); level; level = levels.at(-1)) {
		if (level.at === level.kids.length) {
			levels.pop();
			continue;
		}
		const entry = level.kids[level.at++];
		const node = resolve(entry);
		if (!(node instanceof Dictionary)) throw damaged('a page is missing');
		const kids = resolve(node.get('Kids'));
		if (!Array.isArray(kids)) {
			if (node.get('Type') === 'Pages') throw damaged('a page is missing');
			yield attributesOf(node, [...INHERITABLE, 'UserUnit'], level.inherited);
			continue;
		}
		if (entry instanceof Reference) {
			if (visited.has(entry.number)) throw damaged('its pages contain each other');
			visited.add(entry.number);
		}
		if (levels.length > MAX_DEPTH) {
			throw new UnreadablePdf(`has its pages in more than ${MAX_DEPTH} levels`);
		}
		levels.push({ kids, at: 0, inherited: attributesOf(node, INHERITABLE, level.inherited) });
	}
}

/** ISO 32000-1, table 30 and 14.11.2: what a viewer shows is the part of the crop box inside the media box. */
function sizeOf(page: Attributes, pageNumber: number): PageSize {
	const unreadable = () => damaged(`the size of page ${pageNumber} cannot be read`);
	const numberOf = (key: string): number | undefined => {
		const value = page[key];
		if (value === null || Number.isNaN(value)) throw unreadable();
		return typeof value === 'number' ? value : undefined;
	};
	const boxOf = (key: string): Corners | undefined => {
		const value = page[key];
		if (value === undefined) return undefined;
		if (!isBox(value)) throw unreadable();
		return normalized(value);
	};

	const mediaBox = boxOf('MediaBox') ?? DEFAULT_MEDIA_BOX;
	const cropBox = boxOf('CropBox') ?? mediaBox;
	const [left, bottom, right, top] = intersection(mediaBox, cropBox) ?? mediaBox;
	const onItsSide = Math.abs((numberOf('Rotate') ?? 0) % 180) === 90;
	const userUnit = numberOf('UserUnit') ?? 1;
	const scale = userUnit > 0 ? userUnit : 1;
	const width = (right - left) * scale;
	const height = (top - bottom) * scale;
	if (!Number.isFinite(width) || !Number.isFinite(height)) throw unreadable();
	return onItsSide ? { widthPt: height, heightPt: width } : { widthPt: width, heightPt: height };
}

/** ISO 32000-1, 7.9.5. */
const isBox = (value: Value): value is Corners =>
	Array.isArray(value) && value.length === 4 && value.every(Number.isFinite);

/** Two opposite corners come in no fixed order. Undefined when there is no area. */
const normalized = ([x1, y1, x2, y2]: Corners): Corners | undefined =>
	withArea([Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2)]);

function intersection(one: Corners, other: Corners): Corners | undefined {
	return withArea([
		Math.max(one[0], other[0]),
		Math.max(one[1], other[1]),
		Math.min(one[2], other[2]),
		Math.min(one[3], other[3]),
	]);
}

function withArea(box: Corners): Corners | undefined {
	const [left, bottom, right, top] = box;
	return right > left && top > bottom ? box : undefined;
}
