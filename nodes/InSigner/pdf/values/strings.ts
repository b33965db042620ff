import { PdfString, type Value } from './objects';

/** PDFDocEncoding (ISO 32000-1, annex D.3) where it is not Latin-1, from 0x18 and from 0x80 on. */
const FROM_18 = '\u02d8\u02c7\u02c6\u02d9\u02dd\u02db\u02da\u02dc';
const FROM_80 = '•†‡…—–ƒ⁄‹›−‰„“”‘’‚™ﬁﬂŁŒŠŸŽıłœšž\ufffd€';

/**
 * @param value - a text string (ISO 32000-1, 7.9.2.2)
 * @returns what it says; undefined when it is no string
 */
export function textOf(value: Value): string | undefined {
	if (!(value instanceof PdfString)) return undefined;
	const { bytes } = value;
	if (bytes.startsWith('\xfe\xff')) return utf16(bytes.slice(2));
	if (bytes.startsWith('\xef\xbb\xbf')) {
		return Buffer.from(bytes.slice(3), 'latin1').toString('utf8');
	}
	return Array.from(bytes, (byte) => {
		const code = byte.charCodeAt(0);
		return (code < 0x80 ? FROM_18[code - 0x18] : FROM_80[code - 0x80]) ?? byte;
	}).join('');
}

/**
 * @param bytes - UTF-16 with the high byte first, each byte as a character
 * @returns the text; what is behind the last pair is ignored
 */
export const utf16 = (bytes: string): string =>
	Buffer.from(bytes.slice(0, bytes.length & ~1), 'latin1')
		.swap16()
		.toString('utf16le');
