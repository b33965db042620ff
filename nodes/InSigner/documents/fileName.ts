import { DateTime } from 'luxon';

import type { DataOf } from '../api/endpoint';

type Named = Pick<DataOf<'getDocument'>, 'id' | 'name' | 'completedAt'>;

const EXTENSION = '.pdf';

/** The longest name file systems accept, including the extension. */
const MAX_BYTES = 255;

/** Device names, which Windows does not accept as file names, with any extension. */
const DEVICE = /^(con|prn|aux|nul|(com|lpt)[\d¹²³])\s*(\.|$)/i;

/** Characters that mean something in a path on some system, end a line, or reverse the reading direction. */
const UNSAFE = /[\\/:*?"<>|\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u202a-\u202e\u2066-\u2069]+/gu;

/** Windows drops these from the end of a name. The lookbehind keeps it linear. */
const DROPPED_END = /(?<![.\s])[.\s]+$/;

/**
 * Builds the name of a downloaded file.
 *
 * @param pattern - may hold {name}, {documentId} and {date} (day of completion, YYYY-MM-DD); empty means {name}
 * @param document - the document
 * @param zone - IANA name of the workflow's time zone, which determines the day
 * @returns a name that every file system accepts, ending in .pdf, at most 255 bytes
 */
export function pdfFileName(
	pattern: string,
	{ id, name, completedAt }: Named,
	zone: string,
): string {
	const values = new Map([
		['documentId', id],
		['name', name],
		['date', completedAt ? (DateTime.fromISO(completedAt, { zone }).toISODate() ?? '') : ''],
	]);
	const filled = (pattern || '{name}').replace(
		/\{(\w+)\}/g,
		(placeholder, key: string) => values.get(key) ?? placeholder,
	);
	const safe = filled.replace(UNSAFE, '-').trim().replace(DROPPED_END, '');
	const ending = safe.slice(-EXTENSION.length);
	const extension = ending.toLowerCase() === EXTENSION ? ending : EXTENSION;
	const stem = ending === extension ? safe.slice(0, -EXTENSION.length) : safe;
	const allowed = DEVICE.test(stem) ? `_${stem}` : stem;
	const short = cutToBytes(allowed, MAX_BYTES - EXTENSION.length).replace(DROPPED_END, '');
	return `${short || 'document'}${extension}`;
}

/** As many whole characters as fit. */
function cutToBytes(text: string, bytes: number): string {
	let length = 0;
	let left = bytes;
	for (const character of text) {
		left -= Buffer.byteLength(character);
		if (left < 0) break;
		length += character.length;
	}
	return text.slice(0, length);
}
