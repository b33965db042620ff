/** The values of a recipient, each with the names its column may have, letters only; the first one found counts. */
const COLUMNS = {
	name: ['name', 'fullname'],
	email: ['email', 'emailaddress'],
	phone: ['phone', 'phonenumber'],
} as const;

/** One of the three columns that are read. */
export type Column = keyof typeof COLUMNS;

/** Tables write "Full Name", "full_name" and "fullName", "Email" and "e-mail". */
function plain(name: string): string {
	return name.toLowerCase().replace(/[\s_-]/g, '');
}

/**
 * Finds the column that holds a part of a recipient.
 *
 * @param names - of all columns, as the table has them
 * @param column - the part
 * @returns the name of the column; undefined where there is none
 */
export function columnFor(names: readonly string[], column: Column): string | undefined {
	for (const word of COLUMNS[column]) {
		const alike = names.filter((name) => plain(name) === word);
		const found = alike.find((name) => name.toLowerCase() === word) ?? alike[0];
		if (found !== undefined) return found;
	}
	return undefined;
}

/**
 * Calls the columns of a table as this node does.
 *
 * @param names - of all columns
 * @returns the same in lower case; where a part of a recipient has no column of its very name, those that hold it have
 * that name
 */
export function namedAlike(names: readonly string[]): string[] {
	const parts = (Object.keys(COLUMNS) as Column[]).flatMap((part) => {
		const column = columnFor(names, part);
		const isRight = column === undefined || column.toLowerCase() === part;
		return isRight ? [] : [{ part, meant: plain(column) }];
	});
	return names.map(
		(name) => parts.find(({ meant }) => meant === plain(name))?.part ?? name.toLowerCase(),
	);
}
