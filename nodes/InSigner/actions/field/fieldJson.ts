import type { Problem } from '../../parameters/checks';
import { isObject, parsed, readObjects } from '../../parameters/json';
import type { EnteredField } from './fieldInput';
import { FIELD_TYPES } from './fieldTypes';
import type { Position, Unit } from './placement';

const POSITIONS: readonly Position[] = [
	'belowPrevious',
	'bottomLeft',
	'bottomRight',
	'coordinates',
	'topLeft',
	'topRight',
];
const UNITS: readonly Unit[] = ['millimeters', 'percent', 'points'];

/** An example of the JSON form, shown in the editor. */
export const FIELDS_EXAMPLE = JSON.stringify(
	[{ type: 'signature', signer: 1, page: 1, x: 100, y: 650, width: 200, height: 60 }],
	null,
	2,
);

/**
 * Reads fields given as JSON: the form that Field: Get Many returns, in which a signer is called by `assignedTo`,
 * and all inputs of the form (`signer`, `position`, `unit`). What only the service knows (ids) is passed over.
 *
 * @param entered - JSON text, or what an expression gave
 * @returns the fields, and what is wrong with them
 * @see https://docs.insigner.co/api/fields
 */
export function readFieldsJson(entered: unknown): {
	entered: EnteredField[];
	problems: Problem[];
} {
	const objects = readObjects('Fields', entered);
	if (!Array.isArray(objects)) return { entered: [], problems: [objects] };
	const problems: Problem[] = [];
	const fields = objects.map((object, index) =>
		readField({ ...object }, (input, message) =>
			problems.push({ parameter: `Field ${index + 1}: ${input}`, message }),
		),
	);
	return { entered: fields, problems };
}

function readField(
	json: Record<string, unknown>,
	refuse: (input: string, message: string) => void,
): EnteredField {
	const number = (key: string, otherwise: number) => {
		const value = json[key] ?? otherwise;
		const read = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
		if (typeof read === 'number' && Number.isFinite(read)) return read;
		refuse(key, `is ${JSON.stringify(value)} and not a number`);
		return otherwise;
	};
	const text = (key: string) => {
		const value = json[key] ?? '';
		return typeof value === 'object' ? JSON.stringify(value) : String(value as string | number);
	};
	const choice = <T extends string>(key: string, allowed: readonly T[], otherwise: T): T => {
		const value = json[key] ?? otherwise;
		const known = allowed.find((one) => one === value);
		if (known === undefined) {
			refuse(key, `is ${JSON.stringify(value)} and not one of ${allowed.join(', ')}`);
		}
		return known ?? otherwise;
	};
	const flag = (key: string) => (typeof json[key] === 'boolean' ? { [key]: json[key] } : {});

	const { signer, assignedTo, options, validation } = json;
	const position = choice('position', POSITIONS, 'coordinates');
	const needed = position === 'coordinates' ? ['type', 'page', 'x', 'y'] : ['type'];
	if (signer === undefined && typeof assignedTo !== 'number') {
		refuse(
			'signer',
			'is missing: give "signer" (from 1, email address or name) or "assignedTo" (from 0)',
		);
	}
	for (const key of needed.filter((one) => json[one] === undefined)) refuse(key, 'is missing');

	return {
		type: choice(
			'type',
			FIELD_TYPES.map(({ value }) => value),
			'signature',
		),
		signer: signer === undefined ? String(Number(assignedTo) + 1) : String(signer as string),
		position,
		unit: choice('unit', UNITS, 'points'),
		page: number('page', -1),
		x: number('x', 0),
		y: number('y', 0),
		width: number('width', 0),
		height: number('height', 0),
		label: text('label'),
		placeholder: text('placeholder'),
		defaultValue: text('defaultValue'),
		format: text('format'),
		group: text('group'),
		options: readChoices(options),
		...(isObject(validation) || typeof validation === 'string' ? { validation } : {}),
		...flag('required'),
		...flag('readOnly'),
	};
}

/** inSigner may give choices as a list, as the JSON text of one, or as `{ label, value }`. */
function readChoices(entered: unknown): string[] {
	const value = typeof entered === 'string' ? (parsed(entered) ?? entered.split(',')) : entered;
	if (!Array.isArray(value)) return [];
	return value.map((choice: unknown) => {
		const plain = isObject(choice) ? (choice.value ?? choice.label) : choice;
		return String(plain as string).trim();
	});
}
