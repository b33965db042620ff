import { fieldsOfForm } from '../../../nodes/InSigner/actions/field/formFields';
import type { FormField, FormWidget } from '../../../nodes/InSigner/pdf/form/fields';

const PAGES = [
	{ widthPt: 600, heightPt: 800 },
	{ widthPt: 600, heightPt: 800 },
];

const widget = (values: Partial<FormWidget> = {}): FormWidget => ({
	...{ page: 1, x: 50, y: 60, width: 100, height: 20, hidden: false },
	...values,
});

const formField = (values: Partial<FormField> = {}): FormField => ({
	...{ name: 'town', type: 'text', required: false, readOnly: false, multiline: false },
	...{ multiple: false, signed: false, options: [], widgets: [widget()] },
	...values,
});

const read = (...fields: FormField[]) =>
	fieldsOfForm(fields, PAGES, (name) => ({ signer: '1', rest: `rest of ${name}` }));

const fieldOf = (values: Partial<FormField>) => read(formField(values)).found[0]?.field;

it.each<[Partial<FormField>, object]>([
	[{}, { type: 'text', required: false, label: 'rest of town' }],
	[
		{ label: 'Your town', required: true },
		{ type: 'text', required: true, label: 'Your town' },
	],
	[{ multiline: true }, { type: 'textarea' }],
	[{ type: 'checkbox' }, { type: 'checkbox', group: '' }],
	[
		{ type: 'choice', options: [{ value: 'r', label: 'Red' }] },
		{ type: 'dropdown', options: ['Red'] },
	],
	[
		{ type: 'choice', multiple: true, options: [{ value: 'r', label: 'Red' }] },
		{ type: 'checkbox_group', options: ['Red'] },
	],
	[{ type: 'signature' }, { type: 'signature', required: true }],
	[
		{
			type: 'radio',
			widgets: [widget({ value: 'a' }), widget({ value: 'b', x: 200, y: 90, width: 20 })],
		},
		{
			...{ type: 'radio_group', options: ['a', 'b'] },
			...{ x: 50, y: 60, width: 170, height: 50 },
		},
	],
])('%j becomes %j', (values, expected) => {
	expect(fieldOf(values)).toMatchObject({ ...expected, position: 'coordinates', signer: '1' });
});

it('is where it is in the PDF, and one at each place', () => {
	const widgets = [widget({ x: -0.5 }), widget({ page: 2, y: 779.6, height: 21 })];
	expect(read(formField({ widgets })).found.map(({ field }) => field)).toEqual([
		expect.objectContaining({ page: 1, x: 0, y: 60, width: 100, height: 20 }),
		expect.objectContaining({ page: 2, x: 50, y: 779.6, width: 100, height: 21 }),
	]);
});

it('check boxes of one name are told apart by their values', () => {
	const widgets = [widget({ value: 'yes' }), widget({ value: 'no', y: 100 })];
	expect(
		read(formField({ type: 'checkbox', label: 'Insured', widgets })).found.map(({ field }) => [
			...[field?.label, field?.group],
		]),
	).toEqual([
		['Insured: yes', 'town'],
		['Insured: no', 'town'],
	]);
});

it.each<[Partial<FormField>, string]>([
	[{ type: 'button' }, 'is a button'],
	[{ readOnly: true }, 'is read-only'],
	[{ type: 'signature', signed: true }, 'is signed already'],
	[{ widgets: [widget({ hidden: true })] }, 'is hidden'],
	[{ widgets: [widget({ width: 0, height: 0 })] }, 'is hidden'],
])('%j is left out', (values, why) => {
	expect(read(formField(values))).toEqual({ found: [], leftOut: [`"town" ${why}`] });
});

it('is left out only where it is hidden', () => {
	const { found, leftOut } = read(formField({ widgets: [widget({ hidden: true }), widget()] }));
	expect([found.length, leftOut]).toEqual([1, []]);
});

it.each<[Partial<FormField>, string]>([
	[{ widgets: [widget({ x: 550 })] }, 'is outside of what is shown of the page'],
	[{ type: 'radio', widgets: [widget(), widget({ page: 2 })] }, 'has its buttons on several pages'],
])('%j is refused: %s', (values, problem) => {
	expect(read(formField(values)).found).toEqual([{ text: 'town', page: 1, signer: '1', problem }]);
});

it('without a known prefix it is refused', () => {
	const [found] = fieldsOfForm([formField()], PAGES, () => undefined).found;
	expect(found?.problem).toMatch(/^says no signer: /);
});
