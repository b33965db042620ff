import type { Reading } from '../../parameters/values';

/** How files that aren't text begin, and what they are. */
const PACKED: ReadonlyArray<readonly [signature: string, what: string]> = [
	['PK\u0003\u0004', 'an Excel workbook or another zip file'],
	['\u00D0\u00CF\u0011\u00E0', 'an Excel workbook of an old kind'],
	['%PDF-', 'a PDF'],
];

/**
 * Reads a text file: UTF-8, or UTF-16 with its byte order mark, as spreadsheets save it. Any other encoding has no mark
 * and could be read in several ways, each with different letters in people's names, so it is refused.
 *
 * @param bytes - the file
 * @returns its text without the byte order mark; or what is wrong, as the rest of a sentence that starts with the file
 */
export function readTextFile(bytes: Buffer): Reading<string> {
	const head = bytes.toString('latin1', 0, 8);
	const packed = PACKED.find(([signature]) => head.startsWith(signature));
	if (packed) {
		return {
			message: `is ${packed[1]}, not a CSV file: save it as "CSV UTF-8", or read it with the node Extract From File and take the recipients from the input items`,
		};
	}
	const isUtf16 = head.startsWith('\u00FF\u00FE') || head.startsWith('\u00FE\u00FF');
	const text = isUtf16 ? fromUtf16(bytes) : fromUtf8(bytes);
	if ('value' in text && text.value.includes('\0')) {
		return { message: 'is not a text file: save it as "CSV UTF-8"' };
	}
	return text;
}

function fromUtf16(bytes: Buffer): Reading<string> {
	const isComplete = bytes.length % 2 === 0;
	// A byte order mark that reads as U+FFFE means that the big end comes first.
	const isSwapped = isComplete && bytes.readUInt16LE(0) === 0xfffe;
	const text = (isSwapped ? Buffer.from(bytes).swap16() : bytes).toString('utf16le', 2);
	if (isComplete && !/\p{Surrogate}/u.test(text)) return { value: text };
	return { message: 'is not complete UTF-16 text: save it as "CSV UTF-8"' };
}

function fromUtf8(bytes: Buffer): Reading<string> {
	const text = bytes.toString('utf8');
	const again = Buffer.from(text, 'utf8');
	// Bytes that aren't UTF-8 became U+FFFD, so encoding the text again does not give the same bytes.
	if (again.equals(bytes)) return { value: text.replace(/^\uFEFF/, '') };
	const at = bytes.findIndex((byte, index) => byte !== again[index]);
	const line = bytes.toString('latin1', 0, at).split(/\r\n|\r|\n/).length;
	return {
		message: `is not UTF-8 in line ${line}, so its letters could be read in several ways: save it as "CSV UTF-8"`,
	};
}
