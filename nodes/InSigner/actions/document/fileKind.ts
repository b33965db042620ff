/** How the bytes of other files begin, and what people call them. */
const MARKS: ReadonlyArray<readonly [string, readonly number[]]> = [
	['a JPEG image', [0xff, 0xd8, 0xff]],
	['a PNG image', [0x89, 0x50, 0x4e, 0x47]],
	['a TIFF image', [0x49, 0x49, 0x2a, 0x00]],
	['a TIFF image', [0x4d, 0x4d, 0x00, 0x2a]],
	['an RTF document', [...Buffer.from('{\\rtf')]],
	['a web page (HTML)', [...Buffer.from('<!DOCTYPE')]],
	['a web page (HTML)', [...Buffer.from('<!doctype')]],
	['a web page (HTML)', [...Buffer.from('<html')]],
];

/** Office files are ZIP files or old compound files; the name says which kind. */
const CONTAINERS: ReadonlyArray<readonly number[]> = [
	[0x50, 0x4b, 0x03, 0x04],
	[0xd0, 0xcf, 0x11, 0xe0],
];

const BY_EXTENSION: ReadonlyMap<string, string> = new Map([
	['doc', 'a Word document'],
	['docx', 'a Word document'],
	['xls', 'an Excel workbook'],
	['xlsx', 'an Excel workbook'],
	['ppt', 'a PowerPoint presentation'],
	['pptx', 'a PowerPoint presentation'],
	['odt', 'an OpenDocument text'],
	['pages', 'a Pages document'],
]);

/**
 * Names the kind of a file that isn't a PDF.
 *
 * @param start - its first bytes
 * @param fileName - its name, which tells Office files apart
 * @returns for a sentence, for example "a JPEG image"; undefined if it isn't known
 */
export function fileKind(start: Buffer, fileName: string): string | undefined {
	const beginsWith = (mark: readonly number[]) => mark.every((byte, at) => start[at] === byte);
	const marked = MARKS.find(([, mark]) => beginsWith(mark));
	if (marked) return marked[0];
	if (!CONTAINERS.some(beginsWith)) return undefined;
	const extension = fileName.toLowerCase().split('.').pop() ?? '';
	return BY_EXTENSION.get(extension) ?? 'a ZIP or Office file';
}
