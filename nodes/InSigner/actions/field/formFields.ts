import type { FormField, FormFieldType, FormWidget } from '../../pdf/form/fields';
import type { PageSize } from '../../pdf/pages';
import { shortened, type FieldInPdf } from './fieldInPdf';
import type { FieldDetails } from './fieldInput';
import type { FieldType } from './fieldTypes';
import { beyondPage, type Box, type EnteredPlacement } from './placement';

/** Who a form field is for, and what its name says besides. */
export interface FormSigner {
	/** Position in the signing order from 1, email address or name. */
	signer: string;
	rest: string;
}

/** Of each type of form field; buttons are not filled in. */
const TYPES: Readonly<Partial<Record<FormFieldType, FieldType>>> = {
	text: 'text',
	checkbox: 'checkbox',
	radio: 'radio_group',
	choice: 'dropdown',
	signature: 'signature',
};

/**
 * Turns the form fields of a PDF into fields of inSigner, each where it is in the PDF.
 *
 * @param formFields - those of the PDF
 * @param pages - its pages
 * @param signerOf - who a field is for, by its full name; undefined when nothing says so
 * @returns the fields, and which were left out and why, for example `"total" is read-only`
 */
export function fieldsOfForm(
	formFields: readonly FormField[],
	pages: readonly PageSize[],
	signerOf: (name: string) => FormSigner | undefined,
): { found: FieldInPdf[]; leftOut: string[] } {
	const found: FieldInPdf[] = [];
	const leftOut: string[] = [];
	for (const field of formFields) {
		const widgets = field.widgets.filter(isVisible);
		const type = typeOf(field);
		const why = reasonToLeaveOut(field, widgets);
		if (!type || why !== undefined) {
			leftOut.push(`"${shortened(field.name)}" ${why ?? 'is a button'}`);
			continue;
		}
		const whose = signerOf(field.name);
		for (const [index, box] of boxesOf(field, widgets).entries()) {
			const signer = whose?.signer;
			const one: FieldInPdf = { text: field.name, page: box.page, signer };
			const problem = problemOf(field, widgets, whose, box, pages);
			found.push(
				problem !== undefined
					? { ...one, problem }
					: {
							...one,
							field: { ...detailsOf(field, widgets, index, whose), type, ...placeOf(box) },
						},
			);
		}
	}
	return { found, leftOut };
}

function problemOf(
	field: FormField,
	widgets: FormWidget[],
	whose: FormSigner | undefined,
	box: Box,
	pages: readonly PageSize[],
): string | undefined {
	if (!whose) return NO_PREFIX;
	if (field.type === 'radio' && widgets.some(({ page }) => page !== box.page)) {
		return 'has its buttons on several pages';
	}
	return beyondPage(box, pages[box.page - 1]).length > 0
		? 'is outside of what is shown of the page'
		: undefined;
}

/** What sticks out of the page a little is inside for inSigner. */
function placeOf(box: Box): EnteredPlacement {
	const { x, y } = box;
	return {
		...{ ...box, x: Math.max(0, x), y: Math.max(0, y) },
		...{ position: 'coordinates', unit: 'points' },
	};
}

function detailsOf(
	field: FormField,
	widgets: FormWidget[],
	index: number,
	whose: FormSigner | undefined,
): Omit<FieldDetails, 'type'> {
	const isOneOfSeveral = field.type === 'checkbox' && widgets.length > 1;
	return {
		signer: whose?.signer,
		label: labelOf(field, whose, isOneOfSeveral ? widgets[index] : undefined),
		// A form seldom says so of a signature, and without it a contract would be worth nothing.
		required: field.required || field.type === 'signature',
		options: optionsOf(field, widgets),
		group: isOneOfSeveral ? field.name : '',
		...{ placeholder: '', defaultValue: '', format: '' },
	};
}

const NO_PREFIX =
	'says no signer: begin its name with signer1, or with one of Prefixes, as in buyer.town';

/** Smaller ones are how programs store a field without showing it. */
const MIN_SIDE_PT = 1;

function isVisible({ hidden, width, height }: FormWidget): boolean {
	return !hidden && width >= MIN_SIDE_PT && height >= MIN_SIDE_PT;
}

function reasonToLeaveOut(field: FormField, visible: FormWidget[]): string | undefined {
	if (field.signed) return 'is signed already';
	if (field.readOnly) return 'is read-only';
	return visible.length === 0 ? 'is hidden' : undefined;
}

/** A field may be shown several times; the buttons of a radio group are one field. */
function boxesOf({ type }: FormField, widgets: FormWidget[]): Box[] {
	const boxes = widgets.map(({ page, x, y, width, height }) => ({ page, x, y, width, height }));
	const [first] = boxes;
	if (type !== 'radio' || !first) return boxes;
	const x = Math.min(...boxes.map((box) => box.x));
	const y = Math.min(...boxes.map((box) => box.y));
	const right = Math.max(...boxes.map((box) => box.x + box.width));
	const bottom = Math.max(...boxes.map((box) => box.y + box.height));
	return [{ page: first.page, x, y, width: right - x, height: bottom - y }];
}

function typeOf({ type, multiline, multiple }: FormField): FieldType | undefined {
	if (type === 'text' && multiline) return 'textarea';
	return type === 'choice' && multiple ? 'checkbox_group' : TYPES[type];
}

/** @param widget - of several that are one field, the one that is labelled */
function labelOf(
	{ label, name }: FormField,
	whose: FormSigner | undefined,
	widget: FormWidget | undefined,
): string {
	const own = label ?? (whose?.rest || name);
	return widget?.value === undefined ? own : `${own}: ${widget.value}`;
}

function optionsOf({ type, options }: FormField, widgets: FormWidget[]): string[] {
	const shown =
		type === 'radio'
			? widgets.flatMap(({ value }) => value ?? [])
			: options.map(({ label }) => label.trim());
	return [...new Set(shown)].filter((option) => option !== '');
}
