import {
	compareDraft,
	compareValues,
	matchFields,
	type AskedField,
	type AskedSigner,
	type AskedValue,
} from '../../../nodes/InSigner/documents/comparing';

const signers: AskedSigner[] = [
	{ email: 'ann@example.com', role: 'signer', order: 0 },
	{ email: 'bob@example.com', role: 'signer', order: 1 },
];
const box = { page: 1, width: 200, height: 60, y: 650 };
const fields: AskedField[] = [
	{ type: 'signature', assignedTo: 0, x: 50, ...box },
	{ type: 'signature', assignedTo: 1, x: 300, ...box },
	{ type: 'initials', assignedTo: 1, x: 300, ...box, y: 720, height: 30 },
];

type Draft = Parameters<typeof compareDraft>[0];

const held = (change: (draft: Draft) => void = () => undefined): Draft => {
	const draft: Draft = {
		status: 'draft',
		signingType: 'sequential',
		signers: signers.map(({ email, order }, n) => ({
			id: `sr_${n}`,
			name: `Person ${n}`,
			email,
			order,
			role: 'signer',
			status: 'pending',
			signedAt: null,
			createdAt: '2026-05-28T12:00:00.000Z',
			updatedAt: '2026-05-28T12:00:00.000Z',
		})),
		fields: fields.map((field, n) => ({
			label: null,
			placeholder: null,
			defaultValue: null,
			validation: null,
			group: null,
			format: null,
			options: null,
			required: true,
			readOnly: false,
			documentId: 'cm1',
			...field,
			type: field.type as 'signature',
			id: `fld_${n}`,
		})),
	};
	change(draft);
	return draft;
};

/** Values outside the contract, as another form of the service would return them. */
const set = <T extends object>(target: T, values: object): T => Object.assign(target, values);

describe('compareDraft', () => {
	it.each<[string, (draft: Draft) => void]>([
		['what was asked', () => undefined],
		[
			'an address in another case',
			({ signers: [ann] }) => ann && set(ann, { email: 'ANN@Example.com ' }),
		],
		[
			'numbers as text',
			(draft) => {
				for (const one of draft.signers) set(one, { order: String(one.order) });
				for (const one of draft.fields) {
					set(one, {
						assignedTo: String(one.assignedTo),
						page: '1',
						x: String(one.x),
						y: String(one.y),
					});
				}
			},
		],
		[
			'fields that name signers by id',
			(draft) => {
				for (const one of draft.fields) set(one, { assignedTo: `sr_${one.assignedTo}` });
			},
		],
		['orders from 1', (draft) => draft.signers.forEach((one) => (one.order += 1))],
		[
			'orders from 1, also in fields',
			(draft) => {
				draft.signers.forEach((one) => (one.order += 1));
				draft.fields.forEach((one) => (one.assignedTo += 1));
			},
		],
		[
			'no orders in a parallel document',
			(draft) => {
				set(draft, { signingType: 'parallel' });
				for (const one of draft.signers) set(one, { order: null });
			},
		],
		[
			'places that are rounded',
			(draft) => draft.fields.forEach((one) => (one.x = Math.round(one.x + 0.4))),
		],
		['roles left out', (draft) => draft.signers.forEach((one) => set(one, { role: undefined }))],
		['fields in another order', (draft) => void draft.fields.reverse()],
	])('accepts %s', (_, change) => {
		expect(compareDraft(held(change), signers, fields)).toEqual({
			missing: [],
			wrong: [],
			besides: [],
		});
	});

	const withOne = (values: object, change: (draft: Draft) => void = () => undefined) =>
		held((draft) => {
			const [ann] = draft.signers;
			change(draft);
			if (ann) draft.signers.push(set({ ...ann, id: 'sr_9', email: 'eve@example.com' }, values));
		});

	it.each([
		['viewer', 9],
		['owner', 9],
		['viewer', 0],
		['owner', null],
	])('names a %s whom the service added at position %s and accepts it', (role, order) => {
		expect(compareDraft(withOne({ role, order }), signers, fields)).toEqual({
			missing: [],
			wrong: [],
			besides: [`inSigner added eve@example.com as its ${role}, who signs nothing.`],
		});
	});

	it.each<[string, (draft: Draft) => void]>([
		['shares the position of a signer', () => undefined],
		['stands where the first signer was', ({ signers: all }) => all.forEach((one) => one.order++)],
		['has a field by id', ({ fields: [first] }) => first && set(first, { assignedTo: 'sr_9' })],
	])('refuses an owner whom the service added and who %s', (_, change) => {
		const { wrong } = compareDraft(withOne({ role: 'owner', order: 0 }, change), signers, fields);
		expect(wrong).toEqual(['eve@example.com is its owner, who was not asked for.']);
	});

	it.each<[string, (draft: Draft) => void, RegExp]>([
		['a signer who does not show', (draft) => draft.signers.pop(), /^bob@example.com is missing/],
		[
			'a field that does not show',
			(draft) => draft.fields.pop(),
			/^It has 0 fields of type initials .* signer 2 instead of 1/,
		],
	])('counts %s as missing, which may be lag', (_, change, expected) => {
		const { missing, wrong } = compareDraft(held(change), signers, fields);
		expect(missing.join('\n')).toMatch(expected);
		expect(wrong).toEqual([]);
	});

	it.each<[string, (draft: Draft) => void, RegExp]>([
		[
			'swapped signers',
			(draft) => draft.signers.forEach((one) => (one.order = 1 - one.order)),
			/in another order: bob/,
		],
		[
			'everyone at position 1',
			(draft) => draft.signers.forEach((one) => (one.order = 0)),
			/a position each/,
		],
		[
			'orders of another document',
			(draft) => {
				for (const one of draft.signers) set(one, { order: null });
			},
			/a position each/,
		],
		[
			'another role',
			({ signers: [ann] }) => ann && (ann.role = 'viewer'),
			/ann@example.com is its viewer/,
		],
		[
			'one signer more',
			({ signers: all }) => {
				const [ann] = all;
				if (ann) all.push({ ...ann, id: 'sr_9', email: 'eve@example.com', order: 2 });
			},
			/eve@example.com is its signer, who was not asked for/,
		],
		[
			'one person twice',
			({ signers: all }) => {
				const [ann] = all;
				if (ann) all.push({ ...ann, id: 'sr_9', order: 2 });
			},
			/ann@example.com is its signer, who was not asked for/,
		],
		[
			'a field with the wrong signer',
			({ fields: [, , last] }) => last && (last.assignedTo = 0),
			/1 fields of type initials on page 1 for signer 1 instead of 0/,
		],
		[
			'swapped fields',
			({ fields: all }) => all.forEach((one) => (one.assignedTo = 1 - one.assignedTo)),
			/signer/,
		],
		[
			'a field of no one',
			({ fields: [first] }) => first && set(first, { assignedTo: null }),
			/no one/,
		],
		['a field on another page', ({ fields: [first] }) => first && (first.page = 2), /on page 2/],
		[
			'a field elsewhere',
			({ fields: [first] }) => first && (first.x = 80),
			/is at 80, 650, 200, 60 instead of 50, 650, 200, 60/,
		],
		[
			'another unit',
			(draft) => {
				for (const one of draft.fields) {
					set(one, {
						x: one.x * 0.75,
						y: one.y * 0.75,
						width: one.width * 0.75,
						height: one.height * 0.75,
					});
				}
			},
			/^All its places are 0\.750 times those asked for/,
		],
		[
			'percent of the page',
			(draft) => {
				for (const one of draft.fields) {
					set(one, {
						x: one.x / 6.12,
						y: one.y / 7.92,
						width: one.width / 6.12,
						height: one.height / 7.92,
					});
				}
			},
			/^All its places are 0\.163 \(x, width\) and 0\.126 \(y, height\) times those asked for/,
		],
		['a document already sent', (draft) => (draft.status = 'pending'), /no longer a draft/],
	])('finds %s wrong at once', (_, change, expected) => {
		expect(compareDraft(held(change), signers, fields).wrong.join('\n')).toMatch(expected);
	});
});

describe('values', () => {
	type Field = Draft['fields'][number];
	const price = (values: object = {}): Field =>
		set({ ...(held().fields[0] as Field) }, { type: 'number', label: 'Price', ...values });
	const asked = (values: Partial<AskedValue> = {}): AskedValue => ({
		title: 'Price (page 1)',
		field: price(),
		value: '1200',
		locked: true,
		...values,
	});

	it.each<[string, object]>([
		['the same field', {}],
		['another id and another signer', { id: 'other', assignedTo: 1 }],
		['numbers as text, and rounded', { page: '1', x: '50.4', y: 649 }],
		['a label with white space around it', { label: ' Price ' }],
		['what it holds', { defaultValue: '7', readOnly: true }],
	])('find their field by page, place, type and label: %s', (_, values) => {
		const value = asked();
		const { missing, wrong, idOf } = matchFields([price(values)], [value]);
		expect([missing, wrong]).toEqual([[], []]);
		expect(idOf.get(value)).toBe(price(values).id);
	});

	it.each<[string, object]>([
		['type', { type: 'text' }],
		['label', { label: 'Prize' }],
		['no label', { label: null }],
		['page', { page: 2 }],
		['place', { x: 60 }],
		['size', { height: 30 }],
	])('have no field where it has another %s', (_, values) => {
		const { missing, wrong } = matchFields([price(values)], [asked()]);
		expect(missing).toEqual(['Price (page 1) is missing among its fields.']);
		expect(wrong).toEqual([]);
	});

	it('have no field of their own if two are alike, in the draft or in the template', () => {
		const alike = ['Several fields are alike at the place of Price (page 1).'];
		expect(matchFields([price({ id: 'a' }), price({ id: 'b' })], [asked()]).wrong).toEqual(alike);
		expect(matchFields([price()], [asked(), asked()]).wrong).toEqual(alike);
	});

	const difference = (field: object, value: Partial<AskedValue> = {}) =>
		compareValues([], [price({ readOnly: true, ...field })], new Map([[asked(value), price().id]]));
	const ofType = (type: string) => ({ field: price({ type, label: 'Price' }) });

	it.each<[string, object, Partial<AskedValue>]>([
		['the text', { defaultValue: '1200' }, {}],
		['a number', { defaultValue: 1200 }, {}],
		['other decimals', { defaultValue: '1200.00' }, {}],
		['white space', { defaultValue: ' 1200 ' }, {}],
		['a flag as text', { defaultValue: '1200', readOnly: 'true' }, {}],
		['a checkbox', { defaultValue: true }, { ...ofType('checkbox'), value: 'true' }],
		[
			'a day with its midnight',
			{ defaultValue: '2031-03-31T00:00:00.000Z' },
			{ ...ofType('date'), value: '2031-03-31' },
		],
		['other line ends', { defaultValue: 'a\r\nb' }, { ...ofType('textarea'), value: 'a\nb' }],
		[
			'no lock where none was asked for',
			{ defaultValue: '1200', readOnly: false },
			{ locked: false },
		],
	])('are there as %s', (_, field, value) => {
		expect(difference(field, value)).toEqual([]);
	});

	it.each<[string, object, Partial<AskedValue>, string]>([
		['nothing', { defaultValue: null }, {}, 'holds nothing instead of "1200".'],
		['an object', { defaultValue: { a: 1 } }, {}, 'holds "{"a":1}" instead of "1200".'],
		['another number', { defaultValue: 120 }, {}, 'holds "120" instead of "1200".'],
		['no number', { defaultValue: 'many' }, {}, 'holds "many" instead of "1200".'],
		[
			'a number that lost digits',
			{ defaultValue: 12345678901234567000 },
			{ value: '12345678901234567001' },
			'holds "12345678901234567000" instead of "12345678901234567001".',
		],
		[
			'another text that is the same number',
			{ defaultValue: '7' },
			{ ...ofType('text'), value: '007' },
			'holds "7" instead of "007".',
		],
		[
			'the evening before',
			{ defaultValue: '2031-03-30T22:00:00Z' },
			{ ...ofType('date'), value: '2031-03-31' },
			'holds "2031-03-30T22:00:00Z" instead of "2031-03-31".',
		],
		[
			'no lock',
			{ defaultValue: '1200', readOnly: undefined },
			{},
			'can still be changed by its signer.',
		],
	])('are not there as %s', (_, field, value, expected) => {
		expect(difference(field, value)).toEqual([`Price (page 1) ${expected}`]);
	});

	it('are not there without their field', () => {
		expect(compareValues([], [], new Map([[asked(), 'fld_0']]))).toEqual([
			'Price (page 1) is missing among its fields.',
		]);
	});

	it.each<[string, object, string]>([
		['another signer', { assignedTo: 1 }, 'Price (page 1) has another assignedTo than before.'],
		[
			'what a service sets by default',
			{ label: null, required: false, x: 0 },
			'Price (page 1) has another label, required, x than before.',
		],
		['another id', { id: 'fld_new' }, 'Price (page 1) has another id than before.'],
	])('leave nothing else as it must not be: %s', (_, change, expected) => {
		expect(compareValues([price()], [price(change)], new Map())).toEqual([expected]);
	});

	it('leave the rest as it was, in whatever words', () => {
		const said = {
			assignedTo: '0',
			required: 'true',
			page: '1',
			defaultValue: '7',
			readOnly: true,
		};
		expect(compareValues([price()], [set(price(), said)], new Map())).toEqual([]);
	});
});
