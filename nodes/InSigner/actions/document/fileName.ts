import type { DataOf } from '../../api/endpoints';

type Named = Pick<DataOf<'getDocument'>, 'id' | 'name' | 'completedAt'>;

/**
 * Makes the name of a downloaded file.
 *
 * @param pattern - may hold {name}, {documentId} and {date} (day of completion, YYYY-MM-DD); empty means {name}
 * @param document - the document
 * @returns a name that every file system takes, ending in .pdf
 */
export function pdfFileName(pattern: string, { id, name, completedAt }: Named): string {
	const values: Record<string, string> = {
		documentId: id,
		name,
		date: completedAt?.slice(0, 10) ?? '',
	};
	const filled = (pattern || '{name}').replace(
		/\{(\w+)\}/g,
		(placeholder, key: string) => values[key] ?? placeholder,
	);
	const safe = filled.replace(/[\\/:*?"<>|\p{Cc}]+/gu, '-').trim() || 'document';
	return /\.pdf$/i.test(safe) ? safe : `${safe}.pdf`;
}
