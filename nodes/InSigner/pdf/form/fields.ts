import { areaAround, moved, type Area } from '../pages/geometry';
import type { Page } from '../readPdf';
import { UnreadablePdf } from '../unreadablePdf';
import { Dictionary, PdfString, type Value } from '../values/objects';
import { textOf } from '../values/strings';
import { tooMuch, type Work } from '../work';

export type FormFieldType = 'text' | 'checkbox' | 'radio' | 'choice' | 'signature' | 'button';

/** Where a field is shown. */
export interface FormWidget extends Area {
	/** Of a check box or radio button: the value of the field when it is on. */
	value?: string;
	/** Whether viewers do not show it. */
	hidden: boolean;
}

/** A field of an interactive form (ISO 32000-1, 12.7). */
export interface FormField {
	/** With those of the fields it belongs to: `buyer.address.town`. */
	name: string;
	/** What viewers show for it when the mouse is on it. */
	label?: string;
	type: FormFieldType;
	required: boolean;
	readOnly: boolean;
	/** Of a text: whether it has several lines. */
	multiline: boolean;
	/** Of a choice: whether several options can be chosen. */
	multiple: boolean;
	/** Of a signature: whether it was signed already. */
	signed: boolean;
	/** Of a choice: what is stored, and what is shown for it. */
	options: Array<{ value: string; label: string }>;
	/** A field can be shown at several places; those of a radio group are its buttons. */
	widgets: FormWidget[];
}

const MAX_WIDGETS = 20_000;

/** How many fields may be inside of each other. */
const MAX_DEPTH = 32;

/** ISO 32000-1, table 165: what viewers do not show. */
const HIDDEN = 2;
const NO_VIEW = 32;

/** ISO 32000-1, tables 221, 226, 228 and 230. */
const READ_ONLY = 1;
const REQUIRED = 1 << 1;
const MULTILINE = 1 << 12;
const RADIO = 1 << 15;
const PUSH_BUTTON = 1 << 16;
const MULTI_SELECT = 1 << 21;

/** What reading takes, in steps. */
const PER_ENTRY = 0.5;
const PER_LEVEL = 2;
const PER_OPTION = 2;
const PER_CHARACTER = 0.2;

/** What an option takes in memory, in bytes, roughly. */
const OPTION = 100;

/** How long a text may be, in bytes. */
const MAX_TEXT = 32_767;

type Resolve = (value: Value | undefined) => Value;

/**
 * @param pages - all of them
 * @param resolve - gives the value itself, or the one that a reference leads to
 * @param work - counts what is done
 * @returns the fields that pages show, in the order in which they come first
 * @throws UnreadablePdf when there are too many
 */
export async function readFormFields(
	pages: readonly Page[],
	resolve: Resolve,
	work: Work,
): Promise<FormField[]> {
	const fields = new Map<string, FormField>();
	let count = 0;
	for (const page of pages) {
		const annotations = resolve(page.attributes.Annots);
		for (const entry of listOf(annotations)) {
			if (work.add(PER_ENTRY)) await work.pause();
			const widget = resolve(entry);
			if (!(widget instanceof Dictionary) || widget.get('Subtype') !== 'Widget') continue;
			if (++count > MAX_WIDGETS) {
				throw new UnreadablePdf(`has more than ${MAX_WIDGETS} form fields`);
			}
			const field = await fieldOf(widget, resolve, work);
			const place = field && placeOf(widget, page, field, resolve);
			if (!place) continue;
			const key = `${field.type} ${field.name}`;
			const known = fields.get(key);
			if (known) known.widgets.push(place);
			else {
				const options = field.type === 'choice' ? field.options : [];
				fields.set(key, { ...field, options, widgets: [place] });
			}
		}
	}
	return [...fields.values()];
}

/** Of a field in another only what it does not have from there stands in it (ISO 32000-1, 12.7.3.1). */
async function fieldOf(
	widget: Dictionary,
	resolve: Resolve,
	work: Work,
): Promise<FormField | undefined> {
	const line: Dictionary[] = [];
	for (let node: Value = widget; node instanceof Dictionary && line.length < MAX_DEPTH; ) {
		if (work.add(PER_LEVEL)) await work.pause();
		line.push(node);
		node = resolve(node.get('Parent'));
	}
	const inherited = (key: string): Value => {
		for (const node of line) {
			const value = resolve(node.get(key));
			if (value !== null) return value;
		}
		return null;
	};
	const flags = Number(inherited('Ff')) || 0;
	const has = (flag: number) => (flags & flag) !== 0;
	const type = typeOf(inherited('FT'), has);
	if (!type) return undefined;
	const said = (value: Value): string | undefined => {
		if (value instanceof PdfString) {
			if (value.bytes.length > MAX_TEXT) throw tooMuch();
			work.add(PER_CHARACTER * value.bytes.length);
			work.keep(2 * value.bytes.length);
		}
		return textOf(value);
	};
	/** ISO 32000-1, table 231: a text, or a pair of what is stored and what is shown. */
	const optionsOf = async (list: Value[]): Promise<FormField['options']> => {
		const options: FormField['options'] = [];
		for (const entry of list) {
			if (work.add(PER_OPTION)) await work.pause();
			work.keep(OPTION);
			const option = resolve(entry);
			const pair = Array.isArray(option) ? option.slice(0, 2).map(resolve) : [option];
			const [value, label = value] = pair.flatMap((part) => said(part) ?? []);
			if (value !== undefined && label !== undefined) options.push({ value, label });
		}
		return options;
	};
	const label = said(inherited('TU'));
	return {
		name: line
			.flatMap((node) => said(resolve(node.get('T'))) ?? [])
			.reverse()
			.join('.'),
		...(label && { label }),
		type,
		required: has(REQUIRED),
		readOnly: has(READ_ONLY),
		multiline: type === 'text' && has(MULTILINE),
		multiple: type === 'choice' && has(MULTI_SELECT),
		signed: type === 'signature' && inherited('V') !== null,
		options: WITH_OPTIONS.includes(type) ? await optionsOf(listOf(inherited('Opt'))) : [],
		widgets: [],
	};
}

/** ISO 32000-1, tables 227 and 231. */
const WITH_OPTIONS: readonly FormFieldType[] = ['checkbox', 'choice', 'radio'];

const listOf = (value: Value): Value[] => (Array.isArray(value) ? value : []);

function typeOf(type: Value, has: (flag: number) => boolean): FormFieldType | undefined {
	switch (type) {
		case 'Tx':
			return 'text';
		case 'Ch':
			return 'choice';
		case 'Sig':
			return 'signature';
		case 'Btn':
			return has(PUSH_BUTTON) ? 'button' : has(RADIO) ? 'radio' : 'checkbox';
		default:
			return undefined;
	}
}

function placeOf(
	widget: Dictionary,
	{ number, toView }: Page,
	{ type, options }: FormField,
	resolve: Resolve,
): FormWidget | undefined {
	const rectangle = resolve(widget.get('Rect'));
	const corners = listOf(rectangle).slice(0, 5).map(resolve);
	const [x1, y1, x2, y2] = corners.map(Number);
	if (corners.length !== 4 || !corners.every(Number.isFinite)) return undefined;
	const flags = Number(resolve(widget.get('F'))) || 0;
	const state = type === 'checkbox' || type === 'radio' ? onValueOf(widget, resolve) : undefined;
	// ISO 32000-1, table 227: with Opt the states are numbered, and it has what they are.
	const value = options[Number(state)]?.value ?? state;
	return {
		...areaAround(number, [moved(toView, x1 ?? 0, y1 ?? 0), moved(toView, x2 ?? 0, y2 ?? 0)]),
		...(value !== undefined && { value }),
		hidden: (flags & (HIDDEN | NO_VIEW)) !== 0,
	};
}

/** ISO 32000-1, 12.7.4.2.3: the appearance that is not Off has the name of the value. */
function onValueOf(widget: Dictionary, resolve: Resolve): string | undefined {
	const appearances = resolve(widget.get('AP'));
	const normal = appearances instanceof Dictionary ? resolve(appearances.get('N')) : null;
	if (!(normal instanceof Dictionary)) return undefined;
	const name = normal.entries().find(([key]) => key !== 'Off')?.[0];
	// Names are UTF-8 as a rule (ISO 32000-1, 7.3.5).
	return name === undefined ? undefined : Buffer.from(name, 'latin1').toString('utf8');
}
