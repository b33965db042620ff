import { FIELD_TYPES, type FieldType } from '../../nodes/InSigner/actions/field/fieldTypes';
import type { BodyOf } from '../../nodes/InSigner/api/endpoint';

/** US Letter, in points. */
export const PAGE = { width: 612, height: 792 } as const;

/** A field of the plan; its label is unique. */
export type PlannedField = BodyOf<'addField'> & { readonly label: string };

/** Where the fields are on a page, in points from its top left corner; decimals show whether they are rounded. */
const COLUMNS = [70.25, 330.75];
const FIRST_ROW = 80.5;
const ROW = 98.25;
const ROWS = 7;
const MAX_HEIGHT = 72.5;

/** Types that offer a choice. */
const WITH_OPTIONS: readonly FieldType[] = ['checkbox_group', 'dropdown', 'radio_group'];
export const OPTIONS = ['One', 'Two', 'Three'];

/** The one field that is sent without `required`, to see what that means. */
export const WITHOUT_REQUIRED: FieldType = 'text';

/**
 * The fields of the main document: one of every type, alternating between the first and the second person, and a
 * signature for each. All are on frames that the PDF shows.
 */
export const FIELD_PLAN: readonly PlannedField[] = [
	...FIELD_TYPES.map(({ value, usualSizePt }) => ({ type: value, size: usualSizePt })),
	{ type: 'signature' as const, size: [200, 60] as const },
].map(({ type, size: [width, height] }, index, all) => {
	const cell = index % (COLUMNS.length * ROWS);
	const isSecondSignature = index === all.length - 1;
	const isFirstSignature = type === 'signature' && !isSecondSignature;
	const assignedTo = isSecondSignature ? 1 : isFirstSignature ? 0 : index % 2;
	return {
		type,
		label: `${type} ${index + 1}`,
		page: 1 + Math.floor(index / (COLUMNS.length * ROWS)),
		x: COLUMNS[cell % COLUMNS.length] ?? 0,
		y: FIRST_ROW + ROW * Math.floor(cell / COLUMNS.length),
		width: width + 0.5,
		height: Math.min(height, MAX_HEIGHT),
		assignedTo,
		...(type !== WITHOUT_REQUIRED && { required: type === 'signature', readOnly: false }),
		...(WITH_OPTIONS.includes(type) && { options: OPTIONS }),
		...(type === 'note' && { defaultValue: 'A note' }),
	};
});
