import type { PdfObjects } from '../scan/scan';
import { damaged, UnreadablePdf } from '../unreadablePdf';
import { Dictionary, Reference, type Value } from '../values/objects';

const MAX_PAGES = 20_000;

/** How many lists of pages may be inside of each other. */
const MAX_DEPTH = 10_000;

/** After how many pages others may run. */
const PAGES_IN_ONE_GO = 1000;

/** What a page depends on, by key, references resolved; null where one leads nowhere. */
export type Attributes = Readonly<Record<string, Value>>;

/** Those that a page has from the nodes above it where it has none of its own (ISO 32000-1, table 30). */
const INHERITABLE = ['MediaBox', 'CropBox', 'Rotate', 'Resources'];
const OWN = ['UserUnit', 'Contents', 'Annots'];

/**
 * @param objects - of the file
 * @param pause - awaited between pieces of work, so that others can run
 * @returns the pages in order
 * @throws UnreadablePdf when there are too many, or one is missing
 */
export async function* pagesOf(
	objects: PdfObjects,
	pause: () => Promise<void>,
): AsyncGenerator<Attributes> {
	let count = 0;
	for (const page of leavesOf(objects)) {
		if (count === MAX_PAGES) throw new UnreadablePdf(`has more than ${MAX_PAGES} pages`);
		yield page;
		if (++count % PAGES_IN_ONE_GO === 0) await pause();
	}
}

/** Walks the page tree (ISO 32000-1, 7.7.3); an own stack, because trees can be deep. */
function* leavesOf({ root, resolve }: PdfObjects): Generator<Attributes> {
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
			yield attributesOf(node, [...INHERITABLE, ...OWN], level.inherited);
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
