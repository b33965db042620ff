import type { Problem } from '../../parameters/checks';
import type { PageSize } from '../../pdf/pages';
import type { SignerInput } from '../signer/signerInput';
import type { EnteredField } from './fieldInput';
import { usualSizePt, type FieldType } from './fieldTypes';

/** What goes below each signature. */
export type BesideSignature = 'date_signed' | 'name';

/** What is wanted besides the signatures. */
export interface Extras {
	readonly alsoAdd: readonly BesideSignature[];
	readonly initialsOnEveryPage: boolean;
}

/** From the edges of the page, in points; a narrow page has less. */
const MARGIN_PT = 50;

/** Between two people, and between two rows of them, in points. */
const GAP_PT = 12;

/** Between a signature and what is below it, in points. */
const BELOW_PT = 4;

/** A part of a page that holds cells of one size, filled from the bottom left: to the right, then upwards. */
interface Grid {
	readonly cellWidth: number;
	readonly cellHeight: number;
	readonly left: number;
	/** Bottom edge of the lowest row, from the top of the page. */
	readonly bottom: number;
	readonly columns: number;
	readonly rows: number;
}

/**
 * Gives each person who signs a signature, and each who approves an approval, at the bottom of the last page in
 * signing order.
 *
 * @param signers - the people of the document; viewers get nothing
 * @param pages - the pages of the PDF, as a viewer shows them
 * @param extras - what else each of them gets
 * @returns fields placed by coordinates, or what is wrong when a page has no room for them
 */
export function automaticFields(
	signers: readonly SignerInput[],
	pages: readonly PageSize[],
	{ alsoAdd, initialsOnEveryPage }: Extras,
): { fields: EnteredField[] } | { problems: Problem[] } {
	const people = signers
		.filter(({ role }) => role !== 'viewer')
		.sort((one, other) => one.order - other.order);
	const initialling = initialsOnEveryPage ? people.filter(({ role }) => role === 'signer') : [];
	const fields: EnteredField[] = [];

	for (const [index, size] of pages.entries()) {
		const page = index + 1;
		const initials = gridOn(size, usualSizePt('initials'));
		if (!fits(initialling.length, initials)) {
			return noRoom(page, initials, initialling.length, 'initials');
		}
		initialling.forEach(({ order }, place) =>
			fields.push(fieldAt('initials', order, page, cornerOf(initials, place))),
		);
		if (page < pages.length) continue;

		const signatures = gridOn(size, cellSize(alsoAdd), above(initials, initialling.length));
		if (!fits(people.length, signatures)) {
			return noRoom(page, signatures, people.length, 'signatures');
		}
		people.forEach(({ role, order }, place) => {
			const corner = cornerOf(signatures, place);
			const main = role === 'approver' ? 'approval' : 'signature';
			fields.push(fieldAt(main, order, page, corner));
			let y = corner.y + usualSizePt('signature')[1];
			for (const type of alsoAdd) {
				fields.push(fieldAt(type, order, page, { x: corner.x, y: y + BELOW_PT }));
				y += BELOW_PT + usualSizePt(type)[1];
			}
		});
	}
	return { fields };
}

/** A signature with everything below it; an approval is smaller but gets as much room. */
function cellSize(alsoAdd: readonly BesideSignature[]): readonly [number, number] {
	const [width, height] = usualSizePt('signature');
	const below = alsoAdd.map((type) => BELOW_PT + usualSizePt(type)[1]);
	return [width, below.reduce((sum, one) => sum + one, height)];
}

/** @param above - edge of what is below the grid, from the top of the page; undefined if nothing is */
function gridOn(
	{ widthPt, heightPt }: PageSize,
	[cellWidth, cellHeight]: readonly [number, number],
	above?: number,
): Grid {
	const marginIn = (spare: number) => Math.max(0, Math.min(MARGIN_PT, spare));
	const fitting = (room: number, cell: number) =>
		Math.max(0, Math.floor((room + GAP_PT) / (cell + GAP_PT)));
	const left = marginIn((widthPt - cellWidth) / 2);
	const bottom = above ?? heightPt - marginIn((heightPt - cellHeight) / 2);
	return {
		...{ cellWidth, cellHeight, left, bottom },
		columns: fitting(widthPt - 2 * left, cellWidth),
		rows: fitting(bottom - marginIn(bottom - cellHeight), cellHeight),
	};
}

function fits(count: number, { columns, rows }: Grid): boolean {
	return count <= columns * rows;
}

/** Where the next grid above ends, from the top of the page; undefined if this one is empty. */
function above({ bottom, columns, cellHeight }: Grid, count: number): number | undefined {
	return count === 0 ? undefined : bottom - Math.ceil(count / columns) * (cellHeight + GAP_PT);
}

/** Top left corner of a cell. */
function cornerOf({ left, bottom, cellWidth, cellHeight, columns }: Grid, place: number) {
	const row = Math.floor(place / columns);
	return {
		x: left + (place % columns) * (cellWidth + GAP_PT),
		y: bottom - cellHeight - row * (cellHeight + GAP_PT),
	};
}

function fieldAt(
	type: FieldType,
	order: number,
	page: number,
	{ x, y }: { x: number; y: number },
): EnteredField {
	return {
		...{ type, assignedTo: order, page, position: 'coordinates', unit: 'points', x, y },
		...{ width: 0, height: 0, label: '', placeholder: '', defaultValue: '', options: [] },
		...{ format: '', group: '' },
	};
}

function noRoom(
	page: number,
	{ columns, rows }: Grid,
	wanted: number,
	what: 'initials' | 'signatures',
): { problems: Problem[] } {
	const message = `has room for ${columns * rows} ${what} on page ${page}, but ${wanted} are needed. Use the form or JSON to place them`;
	return { problems: [{ parameter: 'Specify Fields', message }] };
}
