import { Dictionary, PdfString, Reference, SIZE_NAMES, type Value } from '../values/objects';

type Resolve = (value: Value | undefined) => Value;

/** What matters of a file that passes by. */
export interface Interest {
	/** The keys and names that matter; without them all do, and strings too. */
	readonly names?: ReadonlySet<string>;
	/** How much may be kept, in bytes. */
	readonly maxKept: number;
	/** What is kept of the value of an object; undefined when nothing is. */
	readonly essenceOf: (value: Value | undefined) => Value | undefined;
	/** How long a stream with this dictionary may be to be held, in bytes as stored; 0 when it does not matter. */
	readonly streamLimit: (dictionary: Dictionary, resolve: Resolve) => number;
}

const MIB = 1024 * 1024;

/** The keys that page sizes depend on (ISO 32000-1, tables 28 to 30). */
const SIZE_KEYS = ['Type', 'Pages', 'Kids', 'MediaBox', 'CropBox', 'Rotate', 'UserUnit'];
const SIZE_TYPES: readonly unknown[] = ['Catalog', 'Pages', 'Page', undefined];

/** Numbers and references, boxes, lists of kids, and the nodes of the page tree. */
export const sizesOnly: Interest = {
	names: SIZE_NAMES,
	maxKept: 10 * MIB,
	essenceOf: (value) => {
		if (typeof value === 'number' || value instanceof Reference) return value;
		if (Array.isArray(value)) {
			const isReference = (entry: Value) => entry instanceof Reference;
			const isBox =
				value.length === 4 &&
				value.every((entry) => typeof entry === 'number' || isReference(entry));
			return isBox || value.every(isReference) ? value : undefined;
		}
		if (!(value instanceof Dictionary)) return undefined;
		const type = value.get('Type');
		if (!SIZE_TYPES.includes(type) && !(type instanceof Reference)) return undefined;
		return SIZE_KEYS.some((key) => value.get(key) !== undefined) ? value : undefined;
	},
	streamLimit: () => 0,
};

/** The keys that form fields and text depend on, next to those of page sizes; their values are kept as they are. */
const KEYS = new Set([
	...SIZE_KEYS,
	...['AcroForm', 'Annots', 'Subtype', 'Parent', 'Rect', 'F', 'AP', 'AS', 'N'],
	...['FT', 'T', 'TU', 'Ff', 'V', 'Opt', 'ByteRange'],
	...['Contents', 'Resources', 'Font', 'XObject', 'Matrix', 'Filter', 'F', 'Length'],
	...['BaseFont', 'Encoding', 'BaseEncoding', 'Differences', 'ToUnicode', 'FontMatrix'],
	...['FirstChar', 'LastChar', 'Widths', 'FontDescriptor', 'MissingWidth', 'Flags'],
	...['DescendantFonts', 'DW', 'W'],
]);

/**
 * Structure elements, actions, name and number trees, and outlines have these; nothing that matters does. There may be
 * hundreds of thousands of them.
 */
const KEYS_OF_OTHERS = ['S', 'Limits', 'Nums', 'Names', 'Dest', 'Next', 'Prev', 'K'];
const OTHER_TYPES: readonly unknown[] = ['StructElem', 'Outlines', 'Action', 'MCR', 'OBJR', 'OCG'];

/** In a dictionary whose keys are names that the file gave, fonts for instance, only these are entries that matter. */
const isEntry = (value: Value): boolean =>
	value instanceof Reference || value instanceof Dictionary;

/** In bytes; the longest contents among 11,157 real files have 3.4 MB. */
const MAX_STREAM = 4 * MIB;

/** Beside what page sizes depend on: form fields, and fonts and contents when text is wanted. */
export const formFields: Interest = {
	maxKept: 32 * MIB,
	essenceOf: (value) => {
		if (value === undefined || value === null) return undefined;
		if (Array.isArray(value)) return isOther(value) ? undefined : value;
		return value instanceof Dictionary ? essenceOfDictionary(value) : value;
	},
	streamLimit: () => 0,
};

export const formFieldsAndText: Interest = {
	...formFields,
	streamLimit: (dictionary, resolve) => (mayHoldText(dictionary, resolve) ? MAX_STREAM : 0),
};

function essenceOfDictionary(value: Dictionary): Dictionary | undefined {
	const type = value.get('Type');
	const subtype = value.get('Subtype');
	if (OTHER_TYPES.includes(type)) return undefined;
	if (
		value.get('Pages') === undefined &&
		KEYS_OF_OTHERS.some((key) => value.get(key) !== undefined)
	)
		return undefined;
	if (subtype !== 'Widget' && (type === 'Annot' || subtype === 'Link')) return undefined;
	const essence = new Dictionary();
	for (const [key, entry] of value.entries()) {
		if (KEYS.has(key) || isEntry(entry)) essence.set(key, entry);
	}
	return essence;
}

/** Places that links lead to, and color spaces. */
function isOther([first, second]: Value[]): boolean {
	if (first instanceof Reference) return typeof second === 'string';
	return typeof first === 'string' && (second instanceof Reference || second instanceof PdfString);
}

/** Images, font files, ICC profiles, functions, patterns, metadata and attached files are streams without text. */
function mayHoldText(dictionary: Dictionary, resolve: Resolve): boolean {
	const subtype = resolve(dictionary.get('Subtype')) ?? 'Form';
	const type = resolve(dictionary.get('Type'));
	return (
		(subtype === 'Form' || subtype === '') &&
		(type === null || type === 'XObject' || type === 'CMap') &&
		OTHER_STREAMS.every((key) => dictionary.get(key) === undefined)
	);
}
const OTHER_STREAMS = [
	...['N', 'Width', 'Length1', 'FunctionType', 'PatternType', 'ShadingType', 'Alternate'],
];
