import type { DocumentWithSigners } from './reading';

/** A person as asked for. */
export interface AskedSigner {
	email: string;
	role: string;
	/** Position in the signing order, from 0. */
	order: number;
}

/** A field as asked for, with its place in the API's unit. */
export interface AskedField {
	type: string;
	page: number;
	/** Order of its signer, from 0. */
	assignedTo: number;
	x: number;
	y: number;
	width: number;
	height: number;
}

/** A value for a field, as asked for. */
export interface AskedValue {
	/** What people call the field. */
	title: string;
	/** The field of the template that the draft was made from, as the service gives it. */
	field: Pick<HeldField, 'type' | 'label' | 'page' | Side>;
	/** As the API takes it. */
	value: string;
	/** Whether signers must not be able to change it. */
	locked: boolean;
}

/** How a draft differs from what was asked for, as sentences. */
export interface Differences {
	/** What is not there (yet). Reads can lag behind writes, so it is looked for again. */
	missing: string[];
	/** What is there and must not be. Waiting does not make it right. */
	wrong: string[];
	/** What is also there and does no harm: people who sign nothing. */
	besides: string[];
}

type HeldSigner = DocumentWithSigners['signers'][number];
type HeldField = DocumentWithSigners['fields'][number];

/**
 * Roles of people who sign nothing and whom the service may add by itself. That there is an owner is only assumed.
 */
const SIGNS_NOTHING: ReadonlySet<string> = new Set(['viewer', 'owner']);

/** How far off a place may be, in the API's unit: services round. */
const TOLERANCE = 1.5;

/**
 * Compares the people of a draft with those asked for, by their addresses.
 *
 * @param draft - as read
 * @param signers - as asked
 * @returns the differences, and which of the draft's signers is which person
 */
export function comparePeople(
	draft: Pick<DocumentWithSigners, 'signers' | 'fields' | 'signingType'>,
	signers: AskedSigner[],
): Differences & { heldOf: Map<AskedSigner, HeldSigner> } {
	const missing: string[] = [];
	const wrong: string[] = [];
	const heldOf = new Map<AskedSigner, HeldSigner>();
	const left = new Set(draft.signers);
	for (const signer of signers) {
		const found = bestMatch(signer, [...left]);
		if (!found) {
			missing.push(`${signer.email} is missing among its signers.`);
			continue;
		}
		left.delete(found);
		heldOf.set(signer, found);
		if (found.role && found.role !== signer.role) {
			wrong.push(`${signer.email} is its ${found.role} instead of its ${signer.role}.`);
		}
	}
	const [harmless, others] = split(
		[...left],
		(one) => SIGNS_NOTHING.has(one.role) && !mayHoldField(one, draft.fields, [...heldOf.values()]),
	);
	wrong.push(
		...others.map(({ email, role }) => `${email} is its ${role}, who was not asked for.`),
		...(missing.length > 0 ? [] : wrongOrder(draft, signers, heldOf)),
	);
	const besides = harmless.map(
		({ email, role }) => `inSigner added ${email} as its ${role}, who signs nothing.`,
	);
	return { missing, wrong, besides, heldOf };
}

/**
 * Compares a draft as the service holds it with what was asked for. A field that ends up with the wrong person is the
 * worst that could be sent. How a field names its signer is only inferred: by the order asked for, by the order as
 * read, or by the signer's id. A field is only wrong if it belongs to another person under all of them.
 *
 * @param draft - as read
 * @param signers - as asked
 * @param fields - as asked
 * @returns the differences; if nothing is missing and nothing wrong, it can be sent
 */
export function compareDraft(
	draft: Pick<DocumentWithSigners, 'status' | 'signers' | 'fields' | 'signingType'>,
	signers: AskedSigner[],
	fields: AskedField[],
): Differences {
	const people = comparePeople(draft, signers);
	const { missing, wrong, besides, heldOf } = people;
	if (draft.status !== 'draft') wrong.push(`It is ${draft.status} and no longer a draft.`);
	if (missing.length > 0 || wrong.length > 0) return { missing, wrong, besides };

	const readings = ownersOf(signers, heldOf).map((ownerOf) =>
		compareFields(draft.fields, fields, ownerOf),
	);
	const best = readings.reduce((one, other) => (severity(other) < severity(one) ? other : one));
	return { missing: best.missing, wrong: best.wrong, besides };
}

/**
 * Finds the fields of a draft that those of its template became. Their ids can be other ones, so a field is known by
 * page, place, type and label.
 *
 * @param held - the fields of the draft
 * @param values - what is asked for, by the fields of the template
 * @returns the id of the draft's field for each value; `missing` and `wrong` as in {@link compareDraft}
 */
export function matchFields(
	held: HeldField[],
	values: AskedValue[],
): Omit<Differences, 'besides'> & { idOf: Map<AskedValue, string> } {
	const missing: string[] = [];
	const wrong: string[] = [];
	const idOf = new Map<AskedValue, string>();
	for (const value of values) {
		const [first, ...others] = held.filter((one) => isOfTemplate(one, value.field));
		if (!first) missing.push(`${value.title} is missing among its fields.`);
		else if (others.length > 0 || [...idOf.values()].includes(first.id)) {
			wrong.push(`Several fields are alike at the place of ${value.title}.`);
		} else idOf.set(value, first.id);
	}
	return { missing, wrong, idOf };
}

/** What a change of a value must leave as it is; a service may put back whatever a request leaves out. */
const LASTING = ['type', 'label', 'page', 'assignedTo', 'required'] as const;

/**
 * Compares what the fields of a draft hold with the values asked for, and with what they were otherwise.
 *
 * @param before - the fields of the draft before they were changed
 * @param held - as read afterwards
 * @param idOf - the field of each value, from {@link matchFields}
 * @returns the differences as sentences. A read may lag behind, so none of them is final at once
 */
export function compareValues(
	before: HeldField[],
	held: HeldField[],
	idOf: ReadonlyMap<AskedValue, string>,
): string[] {
	return [...wrongValues(held, idOf), ...otherChanges(before, held)];
}

function wrongValues(held: HeldField[], idOf: ReadonlyMap<AskedValue, string>): string[] {
	return [...idOf].flatMap(([asked, id]) => {
		const field = held.find((one) => one.id === id);
		if (!field) return [`${asked.title} is missing among its fields.`];
		return [
			...(isValue(field.defaultValue, asked)
				? []
				: [
						`${asked.title} holds ${inShort(field.defaultValue)} instead of ${inShort(asked.value)}.`,
					]),
			...(asked.locked && !isYes(field.readOnly)
				? [`${asked.title} can still be changed by its signer.`]
				: []),
		];
	});
}

function otherChanges(before: HeldField[], held: HeldField[]): string[] {
	const asText = (value: unknown) => String((value ?? '') as string).trim();
	return before.flatMap((was) => {
		const is = held.find(({ id }) => id === was.id);
		const changed = is
			? [
					...LASTING.filter((key) => asText(was[key]) !== asText(is[key])),
					...SIDES.filter((side) => isOff(numberOf(was[side]) ?? 0, is[side])),
				]
			: ['id'];
		if (changed.length === 0) return [];
		const name = was.label?.trim() || `a field of type ${was.type}`;
		return [`${name} (page ${String(was.page)}) has another ${changed.join(', ')} than before.`];
	});
}

/** How many characters of a value are shown. */
const SHOWN = 60;

function inShort(value: unknown): string {
	if (value === undefined || value === null || value === '') return 'nothing';
	const text = typeof value === 'object' ? JSON.stringify(value) : String(value as string);
	return `"${[...text.slice(0, SHOWN)].join('')}${text.length > SHOWN ? '…' : ''}"`;
}

function isOfTemplate(held: HeldField, field: AskedValue['field']): boolean {
	const label = (one: { label: string | null }) => one.label?.trim() ?? '';
	return (
		held.type === field.type &&
		label(held) === label(field) &&
		numberOf(held.page) === numberOf(field.page) &&
		!SIDES.some((side) => isOff(numberOf(field[side]) ?? 0, held[side]))
	);
}

/** The longest number that is compared as one: a longer one loses digits. */
const MAX_DIGITS = 15;

/** The same value may be told in other words: a number with other decimals, a date with a time of day. */
function isValue(held: unknown, { field: { type }, value }: AskedValue): boolean {
	if (held === undefined || held === null || typeof held === 'object') return false;
	const text = String(held as string)
		.replace(/\r\n?/g, '\n')
		.trim();
	if (text === value) return true;
	if (type === 'number' && value.length <= MAX_DIGITS) return numberOf(text) === numberOf(value);
	return type === 'date' && text.startsWith(`${value}T00:00`);
}

function isYes(held: unknown): boolean {
	return held === true || held === 'true';
}

/**
 * Whether a field may belong to someone who was not asked for, named by id or by position. A viewer, who does not
 * sign according to the documentation, may share the position of someone who does.
 */
function mayHoldField(one: HeldSigner, fields: HeldField[], asked: HeldSigner[]): boolean {
	const own = numberOf(one.order);
	const isAt = (position: unknown) => own !== undefined && numberOf(position) === own;
	const isShared = one.role === 'viewer' && asked.some(({ order }) => isAt(order));
	return fields.some(
		({ assignedTo }) => String(assignedTo) === String(one.id) || (!isShared && isAt(assignedTo)),
	);
}

/** The order of the person a field belongs to; undefined if it belongs to no one. */
type OwnerOf = (field: HeldField) => number | undefined;

function ownersOf(signers: AskedSigner[], heldOf: Map<AskedSigner, HeldSigner>): OwnerOf[] {
	const held = [...heldOf];
	const byId = ({ assignedTo }: HeldField) =>
		held.find(([, { id }]) => String(id) === String(assignedTo))?.[0].order;
	const asAsked: OwnerOf = (field) => {
		const order = numberOf(field.assignedTo);
		return signers.find((signer) => signer.order === order)?.order ?? byId(field);
	};
	const asRead: OwnerOf = (field) => {
		const order = numberOf(field.assignedTo);
		return held.find(([, signer]) => numberOf(signer.order) === order)?.[0].order ?? byId(field);
	};
	return [asAsked, ...(areDistinct(held.map(([, signer]) => signer)) ? [asRead] : [])];
}

function compareFields(held: HeldField[], asked: AskedField[], ownerOf: OwnerOf) {
	const missing: string[] = [];
	const wrong: string[] = [];
	const wanted = groupBy(asked, (field) => nameOf(field, field.assignedTo));
	const found = groupBy(held, (field) => nameOf(field, ownerOf(field)));
	for (const name of new Set([...wanted.keys(), ...found.keys()])) {
		const [of, is] = [wanted.get(name) ?? [], found.get(name) ?? []];
		if (of.length === is.length) continue;
		const difference = `It has ${is.length} ${name} instead of ${of.length}.`;
		(is.length < of.length ? missing : wrong).push(difference);
	}
	if (missing.length === 0 && wrong.length === 0) wrong.push(...wrongPlaces(wanted, found));
	return { missing, wrong };
}

/** Places are compared last, when each field asked for has its counterpart. */
function wrongPlaces(wanted: Map<string, AskedField[]>, found: Map<string, HeldField[]>): string[] {
	const isRight = [...wanted].every(([name, fields]) => allMatch(fields, found.get(name) ?? []));
	if (isRight) return [];
	const pairs = [...wanted].flatMap(([name, fields]) => {
		const held = inReadingOrder(found.get(name) ?? []);
		return inReadingOrder(fields).map((field, index) => ({ name, field, held: held[index] }));
	});
	const across = commonFactor(pairs, ['x', 'width']);
	const down = commonFactor(pairs, ['y', 'height']);
	if (across !== undefined && down !== undefined) {
		// On a page that is not square, percent has a different factor in each direction.
		const factors = isSameFactor(across, down)
			? across.toFixed(3)
			: `${across.toFixed(3)} (x, width) and ${down.toFixed(3)} (y, height)`;
		return [
			`All its places are ${factors} times those asked for: inSigner counts in another unit than points.`,
		];
	}
	return pairs
		.filter(({ field, held }) => held && SIDES.some((side) => isOff(field[side], held[side])))
		.map(({ name, field, held }) => {
			const place = (one: Record<Side, unknown>) =>
				SIDES.map((side) => String(one[side])).join(', ');
			return `One of the ${name} is at ${held ? place(held) : ''} instead of ${place(field)} (x, y, width, height).`;
		});
}

/** The factor between the sides asked for and those held; undefined if it is not the same for all. */
function commonFactor(
	pairs: Array<{ field: AskedField; held: HeldField | undefined }>,
	sides: readonly Side[],
): number | undefined {
	const factors = pairs.flatMap(({ field, held }) =>
		sides.flatMap((side) => {
			const is = numberOf(held?.[side]);
			return is === undefined || field[side] <= 0 ? [] : [is / field[side]];
		}),
	);
	const [first] = factors;
	return first !== undefined && factors.every((factor) => isSameFactor(factor, first))
		? first
		: undefined;
}

function isSameFactor(one: number, other: number): boolean {
	return Math.abs(one - other) <= 0.02 * other;
}

/** Whether the draft holds each field at the place asked for. */
function allMatch(asked: AskedField[], held: HeldField[]): boolean {
	const left = new Set(held);
	return asked.every((field) => {
		const found = [...left].find((one) => !SIDES.some((side) => isOff(field[side], one[side])));
		return found !== undefined && left.delete(found);
	});
}

type Side = 'x' | 'y' | 'width' | 'height';
const SIDES: readonly Side[] = ['x', 'y', 'width', 'height'];

function isOff(asked: number, held: unknown): boolean {
	const is = numberOf(held);
	return is !== undefined && Math.abs(asked - is) > TOLERANCE;
}

function nameOf(
	{ type, page }: { type: string; page: unknown },
	owner: number | undefined,
): string {
	const whose = owner === undefined ? 'no one' : `signer ${owner + 1}`;
	return `fields of type ${type} on page ${String(page)} for ${whose}`;
}

/** The order matters if it is given: fields name their signer by it. */
function wrongOrder(
	{ signingType }: Pick<DocumentWithSigners, 'signingType'>,
	signers: AskedSigner[],
	heldOf: Map<AskedSigner, HeldSigner>,
): string[] {
	const held = signers.flatMap((signer) => heldOf.get(signer) ?? []);
	if (held.length < 2) return [];
	if (!areDistinct(held)) {
		const untold = held.every(({ order }) => (order as unknown) === null);
		if (untold && signingType === 'parallel') return [];
		return ['Its signers do not have a position each, so no one knows whose a field is.'];
	}
	const byOrder = [...held].sort((a, b) => (numberOf(a.order) ?? 0) - (numberOf(b.order) ?? 0));
	const asked = [...signers].sort((a, b) => a.order - b.order).map((one) => heldOf.get(one));
	if (byOrder.every((one, index) => one === asked[index])) return [];
	return [`Its signers are in another order: ${byOrder.map(({ email }) => email).join(', ')}.`];
}

function areDistinct(held: HeldSigner[]): boolean {
	const orders = held.map(({ order }) => numberOf(order));
	return !orders.includes(undefined) && new Set(orders).size === orders.length;
}

/** Matches by address, and by role and position if an address occurs twice. */
function bestMatch(
	{ email, role, order }: AskedSigner,
	held: HeldSigner[],
): HeldSigner | undefined {
	const same = held.filter((one) => one.email?.trim().toLowerCase() === email.trim().toLowerCase());
	const points = (one: HeldSigner) =>
		(one.role === role ? 2 : 0) + (numberOf(one.order) === order ? 1 : 0);
	return same.sort((a, b) => points(b) - points(a))[0];
}

function numberOf(value: unknown): number | undefined {
	const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
	return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

function inReadingOrder<T extends Record<'x' | 'y', unknown>>(fields: T[]): T[] {
	const at = (one: T, side: 'x' | 'y') => numberOf(one[side]) ?? 0;
	return [...fields].sort((a, b) => at(a, 'y') - at(b, 'y') || at(a, 'x') - at(b, 'x'));
}

function severity({ missing, wrong }: Pick<Differences, 'missing' | 'wrong'>): number {
	return wrong.length * 1_000 + missing.length;
}

function groupBy<T>(values: T[], key: (value: T) => string): Map<string, T[]> {
	const groups = new Map<string, T[]>();
	for (const value of values) groups.set(key(value), [...(groups.get(key(value)) ?? []), value]);
	return groups;
}

function split<T>(values: T[], isFirst: (value: T) => boolean): [T[], T[]] {
	return [values.filter(isFirst), values.filter((value) => !isFirst(value))];
}
