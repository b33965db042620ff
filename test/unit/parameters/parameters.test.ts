import type { INode } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { Parameters, type Parameter } from '../../../nodes/InSigner/parameters/parameters';

const node: INode = {
	id: '1',
	name: 'inSigner',
	type: 'inSigner',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

/** What a parameter that is not there is called by; see parameters.ts. */
const NOT_SET = '\u0000notSet';

/** Parameters of the third item that hold these values. */
const holding = (values: Record<string, unknown>, expressions: string[] = []) =>
	new Parameters({
		node,
		zone: 'UTC',
		itemIndex: 2,
		within: '',
		get: (name) => (Object.hasOwn(values, name) ? values[name] : NOT_SET),
		isExpression: (name) => expressions.includes(name),
	});

const parameter = (name: string, more: Partial<Parameter> = {}): Parameter => ({
	name,
	displayName: name.charAt(0).toUpperCase() + name.slice(1),
	default: '',
	...more,
});

const messageOf = (act: () => unknown): string => {
	try {
		return `no error: ${JSON.stringify(act())}`;
	} catch (error) {
		if (error instanceof NodeOperationError) return error.message;
		throw error;
	}
};

const send = parameter('send', { default: true });
const limit = parameter('limit', { default: 50, typeOptions: { minValue: 1 } });
const note = parameter('note');
const options = parameter('options', { default: {} });

describe('what is left empty', () => {
	it('is no expression, in a collection too', () => {
		const values = { note: '', options: { note: '', limit: null } };
		const parameters = holding(values, ['options.limit']);
		expect(parameters.isLeftEmpty(note)).toBe(true);
		expect(parameters.collection(options).isLeftEmpty(note)).toBe(true);
		expect(parameters.collection(options).isLeftEmpty(limit)).toBe(false);
	});
});

describe('what is not set', () => {
	it('has its default, in a collection too', () => {
		expect(holding({}).yesNo(send)).toBe(true);
		expect(holding({ options: {} }).collection(options).wholeNumber(limit)).toBe(50);
		expect(holding({}).collection(options).text(note)).toBe('');
	});

	it('is neither added nor filled in', () => {
		const none = holding({});
		expect(none.has(note)).toBe(false);
		expect(none.added(note)?.text(note)).toBeUndefined();
		expect(none.filledIn(note)?.text(note)).toBeUndefined();
	});
});

describe('what was added', () => {
	it('is told apart from what gives nothing', () => {
		expect(holding({ note: '' }).added(note)?.text(note)).toBe('');
		expect(holding({ note: '' }).filledIn(note)?.text(note)).toBeUndefined();
		for (const nothing of [null, undefined, { __rl: true, mode: 'id', value: undefined }]) {
			expect(messageOf(() => holding({ note: nothing }).added(note))).toBe(
				'Note: the expression gives nothing for this item',
			);
		}
	});

	it('is refused when a switch, a number or a choice is empty', () => {
		const empty = holding({ options: { send: '', limit: null } }).collection(options);
		expect(messageOf(() => empty.yesNo(send))).toBe('Send must be true or false, but is empty');
		expect(messageOf(() => empty.wholeNumber(limit))).toBe(
			'Limit must be a whole number from 1, but is empty',
		);
	});
});

it('a refusal names the item and says that nothing was sent for it', () => {
	expect.assertions(1);
	try {
		holding({ send: 'abc' }).yesNo(send);
	} catch (error) {
		expect(error).toMatchObject({
			message: 'Send must be true or false, but is "abc"',
			description: 'Nothing was sent to inSigner for item 3.',
			context: { itemIndex: 2 },
		});
	}
});

it('an own key is a value, an inherited one is not', () => {
	const inherited = parameter('constructor', { default: 'none' });
	expect(holding({ options: {} }).collection(options).text(inherited)).toBe('none');
});

describe('a picker', () => {
	it('gives its ID', () => {
		expect(holding({ note: { __rl: true, mode: 'list', value: 'cm1' } }).chosenId(note)).toBe(
			'cm1',
		);
	});

	it('that is empty was not chosen, or its expression gives nothing', () => {
		const empty = { note: { __rl: true, mode: 'id', value: '' } };
		expect(messageOf(() => holding(empty).chosenId(note))).toBe("Note isn't selected");
		expect(messageOf(() => holding(empty, ['note']).chosenId(note))).toBe(
			'Note: the expression gives nothing for this item',
		);
	});
});

describe('rows and JSON entries', () => {
	const rows = parameter('signers', { displayName: 'Signers', default: {} });
	const row = parameter('signer');

	it('name the row at fault', () => {
		const [, second] = holding({ signers: { signer: [{ note: 'a' }, { note: {} }] } }).rows(
			rows,
			row,
		);
		expect(messageOf(() => second?.text(note))).toBe(
			'Signer 2: Note must be text, but is an object',
		);
		const [entry] = holding({ signers: '[{ "send": "abc" }]' }).entries(rows, 'Signer');
		expect(messageOf(() => entry?.yesNo(send))).toMatch(/^Signer 1: Send must be true or false/);
	});

	it.each([
		['nothing', undefined, 'Signers: the expression gives nothing for this item'],
		['a text', 'Ann', 'Signers must be a list of objects'],
		['a list of texts', ['Ann'], 'Signers must be a list of objects'],
	])('are not %s', (_, signer, expected) => {
		expect(messageOf(() => holding({ signers: { signer } }).rows(rows, row))).toBe(expected);
	});

	it('may be none, or one that is no list', () => {
		expect(holding({ signers: {} }).rows(rows, row)).toEqual([]);
		expect(holding({ signers: { signer: { note: 'a' } } }).rows(rows, row)).toHaveLength(1);
		expect(holding({ signers: { note: 'a' } }).entries(rows, 'Signer')).toHaveLength(1);
	});

	it.each([null, '', undefined])('%j is empty', (signers) => {
		expect(messageOf(() => holding({ signers }).entries(rows, 'Signer'))).toBe('Signers is empty');
	});

	it.each(['abc', '[1]', 7])('%j is no JSON list of objects', (signers) => {
		expect(messageOf(() => holding({ signers }).entries(rows, 'Signer'))).toBe(
			'Signers must be a JSON list of objects',
		);
	});
});
