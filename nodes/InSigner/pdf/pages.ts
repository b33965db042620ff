import type { ByteStream } from '../api/answer';
import { Reference, type Dictionary, type Value } from './objects';
import { scanObjects, type PdfObjects } from './scan';
import { damaged, UnreadablePdf } from './unreadablePdf';

/** A page as a viewer shows it, in points (1/72 inch). */
export interface PageSize {
	widthPt: number;
	heightPt: number;
}

const MAX_PAGES = 20_000;

/** How much of a file in memory is looked at in one go, in bytes. */
const CHUNK_SIZE = 64 * 1024;

/** What the size of a page depends on, by key, references resolved. */
type Attributes = ReadonlyMap<string, Value>;

/** Those that a page has from the nodes above it where it has none of its own (ISO 32000-1, table 30). */
const INHERITABLE = ['MediaBox', 'CropBox', 'Rotate'];

/** Left, bottom, right, top. */
type Box = [number, number, number, number];

/**
 * Reads how large the pages of a PDF are. A stream is read once and never held; it is closed in the end.
 *
 * @param content - the file
 * @returns the size of each page in order, after cropping, rotation and UserUnit
 * @throws UnreadablePdf when the sizes cannot be known; and what the stream itself throws
 * @see ISO 32000-1 (https://opensource.adobe.com/dc-acrobat-sdk-docs/pdfstandards/PDF32000_2008.pdf)
 */
export async function readPages(content: Buffer | ByteStream): Promise<PageSize[]> {
	const objects = await scanObjects(Buffer.isBuffer(content) ? chunksOf(content) : content);
	const sizes: PageSize[] = [];
	for (const page of pagesOf(objects)) {
		if (sizes.length === MAX_PAGES) {
			throw new UnreadablePdf(`has more than ${MAX_PAGES} pages`);
		}
		sizes.push(sizeOf(page, sizes.length + 1));
	}
	return sizes;
}

async function* chunksOf(content: Buffer): AsyncGenerator<Uint8Array> {
	for (let at = 0; at < content.length; at += CHUNK_SIZE) {
		yield content.subarray(at, at + CHUNK_SIZE);
	}
}

/** Walks the page tree (ISO 32000-1, 7.7.3); an own stack, because trees can be deep. */
function* pagesOf({ root, resolve }: PdfObjects): Generator<Attributes> {
	const resolved = (value: Value | undefined): Value => {
		const target = resolve(value);
		return Array.isArray(target) ? target.map(resolve) : target;
	};
	const attributesOf = (node: Dictionary, keys: string[], inherited: Attributes): Attributes => {
		const own = keys.map((key): [string, Value] => [key, resolved(node.get(key))]);
		return new Map([...inherited, ...own.filter(([, value]) => value !== null)]);
	};

	const catalog = resolve(root);
	if (!(catalog instanceof Map)) throw damaged('its catalog is missing');
	const visited = new Set<number>();
	const toVisit = [{ entry: catalog.get('Pages'), inherited: new Map() as Attributes }];
	for (let next = toVisit.pop(); next; next = toVisit.pop()) {
		const { entry, inherited } = next;
		const node = resolve(entry);
		if (!(node instanceof Map)) throw damaged('a page is missing');
		const kids = resolve(node.get('Kids'));
		if (!Array.isArray(kids)) {
			if (node.get('Type') === 'Pages') throw damaged('a page is missing');
			yield attributesOf(node, [...INHERITABLE, 'UserUnit'], inherited);
			continue;
		}
		if (entry instanceof Reference) {
			if (visited.has(entry.number)) throw damaged('its pages contain each other');
			visited.add(entry.number);
		}
		const forKids = attributesOf(node, INHERITABLE, inherited);
		for (const kid of [...kids].reverse()) toVisit.push({ entry: kid, inherited: forKids });
	}
}

/** ISO 32000-1, table 30 and 14.11.2: what a viewer shows is the part of the crop box inside the media box. */
function sizeOf(page: Attributes, pageNumber: number): PageSize {
	const mediaBox = boxOf(page.get('MediaBox'));
	if (!mediaBox) throw damaged(`page ${pageNumber} has no size`);
	const cropBox = boxOf(page.get('CropBox')) ?? mediaBox;
	const [left, bottom, right, top] = intersection(mediaBox, cropBox) ?? mediaBox;

	const rotate = page.get('Rotate');
	const onItsSide = typeof rotate === 'number' && Math.abs(rotate % 180) === 90;
	const userUnit = page.get('UserUnit');
	const scale = typeof userUnit === 'number' && userUnit > 0 ? userUnit : 1;
	const width = (right - left) * scale;
	const height = (top - bottom) * scale;
	return onItsSide ? { widthPt: height, heightPt: width } : { widthPt: width, heightPt: height };
}

/** ISO 32000-1, 7.9.5: two opposite corners, in no fixed order. Undefined when it is no box, or has no area. */
function boxOf(value: Value | undefined): Box | undefined {
	if (!Array.isArray(value)) return undefined;
	const [x1, y1, x2, y2] = value;
	if (typeof x1 !== 'number' || typeof y1 !== 'number') return undefined;
	if (typeof x2 !== 'number' || typeof y2 !== 'number') return undefined;
	return withArea([Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2)]);
}

function intersection(one: Box, other: Box): Box | undefined {
	return withArea([
		Math.max(one[0], other[0]),
		Math.max(one[1], other[1]),
		Math.min(one[2], other[2]),
		Math.min(one[3], other[3]),
	]);
}

function withArea(box: Box): Box | undefined {
	const [left, bottom, right, top] = box;
	return right > left && top > bottom ? box : undefined;
}
