import type { Execution } from '../../host/execution';
import { decodeFlatted, errorOf, itemsOf, jsonOf, runsOf } from '../../host/execution';

describe('decodeFlatted', () => {
	it('follows references and leaves numbers, booleans and null alone', () => {
		const text = '[{"a":"1","n":7,"b":true,"z":null,"list":"2"},"text",["1",3,"3"],{"s":"4"},"7"]';

		expect(decodeFlatted(text)).toEqual({
			a: 'text',
			n: 7,
			b: true,
			z: null,
			list: ['text', 3, { s: '7' }],
		});
	});

	it('keeps one object one object, even inside itself', () => {
		const root = decodeFlatted('[{"self":"0","a":"1","b":"1"},{}]') as Record<string, unknown>;

		expect(root.self).toBe(root);
		expect(root.a).toBe(root.b);
	});

	it('treats a key named __proto__ as an ordinary key', () => {
		const root = decodeFlatted('[{"__proto__":"1"},{"x":1}]') as object;

		expect(Object.getPrototypeOf(root)).toBe(Object.prototype);
		expect(Object.keys(root)).toEqual(['__proto__']);
	});

	it.each(['{}', '[]', '[{"a":"9"}]', '[{"a":"x"}]'])('refuses %s', (text) => {
		expect(() => decodeFlatted(text)).toThrow('flatted');
	});
});

describe('reading an execution', () => {
	const run = (json: object) => ({ data: { main: [[{ json }], [{ json: { failed: true } }]] } });
	const data = {
		resultData: {
			runData: { Node: [run({ n: 1 }), run({ n: 2 })] },
			error: { message: 'It broke' },
		},
	};
	const execution = {
		id: '1',
		workflowId: 'w',
		status: 'error',
		mode: 'manual',
		startedAt: null,
		data: decodeFlatted(flatten(data)),
	} as Execution;

	it('finds runs, outputs and the message', () => {
		expect(runsOf(execution, 'Node')).toHaveLength(2);
		expect(jsonOf(execution, 'Node')).toEqual([{ n: 2 }]);
		expect(jsonOf(execution, 'Node', 0, 0)).toEqual([{ n: 1 }]);
		expect(jsonOf(execution, 'Node', 1)).toEqual([{ failed: true }]);
		expect(errorOf(execution)).toBe('It broke');
	});

	it('has nothing of a node that did not run', () => {
		expect(runsOf(execution, 'Other')).toEqual([]);
		expect(itemsOf(execution, 'Node', 5)).toEqual([]);
	});
});

/** The other direction, for trees without repetition, independent of the code under test. */
function flatten(root: unknown): string {
	const entries: unknown[] = [];
	const put = (value: unknown): unknown => {
		if (typeof value !== 'string' && (typeof value !== 'object' || value === null)) return value;
		const index = entries.push(value) - 1;
		if (typeof value === 'object') {
			entries[index] = Array.isArray(value)
				? value.map(put)
				: Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, put(inner)]));
		}
		return String(index);
	};
	put(root);
	return JSON.stringify(entries);
}
