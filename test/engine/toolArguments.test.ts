import type {
	IDataObject,
	INodeParameters,
	INodeProperties,
	NodeParameterValueType,
} from 'n8n-workflow';

import { resources } from '../../nodes/InSigner/actions/resources';
import { ACTION, startBench, type Bench } from './insigner';
import { goodItem, operationsAtWork, type AtWork } from './operationsAtWork';

/** What models really send to tools: texts for numbers and switches, nulls, and keys that no one asked for. */
let bench: Bench;

beforeAll(async () => {
	bench = await startBench();
}, 60_000);
afterAll(async () => await bench.stop());
beforeEach(() => bench.sandbox.journal.clear());

const operations = resources.flatMap(({ value, operations: all }) =>
	all.map(({ menu, properties }) => ({ key: `${value}.${menu.value}`, properties })),
);

/** An agent has no files to hand to a tool. */
const NEEDS_FILE = ['document.createAndSend', 'document.uploadFile', 'field.findInPdf'];

/** What a tool is given: parameters in which the model fills in what is in the arguments. */
interface Filled {
	parameters: INodeParameters;
	args: IDataObject;
}

/**
 * Lets the model fill in every number, every switch, and what else comes from an item.
 *
 * @param atWork - how the operation works
 * @param properties - all that the operation has; switches that are not set are set to their default
 * @param json - of the item
 */
function filledByModel(
	{ parameters }: AtWork,
	properties: INodeProperties[],
	json: IDataObject,
): Filled {
	const args: IDataObject = {};
	const ask = (key: string, value: IDataObject[string]) => {
		args[key] = value;
		return `={{ $fromAI('${key}') }}`;
	};
	const fill = (value: NodeParameterValueType, path: string): NodeParameterValueType => {
		if (typeof value === 'number' || typeof value === 'boolean') return ask(path, value);
		if (typeof value === 'string') {
			const name = /^=\{\{ \$json\.(\w+) \}\}$/.exec(value)?.[1];
			return name === undefined ? value : ask(name, json[name]);
		}
		if (Array.isArray(value)) {
			return value.map((entry, index) => fill(entry, `${path}_${index}`)) as INodeParameters[];
		}
		if (typeof value !== 'object' || value === null) return value;
		const entries = Object.entries(value as INodeParameters).map(([key, entry]) => [
			key,
			key === '__rl' ? entry : fill(entry, path ? `${path}_${key}` : key),
		]);
		return Object.fromEntries(entries) as INodeParameters;
	};
	const switches = (among: INodeProperties[]): INodeParameters =>
		Object.fromEntries(
			among.flatMap((property) => {
				if (property.type === 'boolean') return [[property.name, property.default]];
				if (property.type !== 'collection') return [];
				const inside = (property.options ?? []).filter((option) => 'type' in option);
				return [[property.name, switches(inside)]];
			}),
		) as INodeParameters;
	const all: INodeParameters = switches(properties);
	for (const [name, value] of Object.entries(parameters)) {
		const known = all[name];
		const isGroup = typeof known === 'object' && typeof value === 'object' && value !== null;
		all[name] = isGroup ? { ...(known as INodeParameters), ...(value as INodeParameters) } : value;
	}
	return { parameters: fill(all, '') as INodeParameters, args };
}

const asTexts = (args: IDataObject): IDataObject =>
	Object.fromEntries(
		Object.entries(args).map(([key, value]) => [
			key,
			typeof value === 'number' || typeof value === 'boolean' ? String(value) : value,
		]),
	);

describe.each(operations)('$key', ({ key, properties }) => {
	const [resource = '', operation = ''] = key.split('.');

	async function filled(): Promise<Filled> {
		const atWork = operationsAtWork(bench)[key] ?? { parameters: {} };
		const { json } = await goodItem(atWork);
		return filledByModel(atWork, properties, json);
	}

	/** @returns what the model is shown; rejects with the error whose message it is shown */
	const call = async ({ parameters, args }: Filled): Promise<unknown> =>
		JSON.parse(
			await bench.engine.tool(
				ACTION,
				{ resource, operation, ...parameters },
				{ credentials: bench.credentials },
			)(args),
		) as unknown;

	const keysOf = (answer: unknown) => Object.keys((answer as object[])[0] ?? {}).sort();

	const emails = () => bench.sandbox.journal.emails.map(({ kind }) => kind);

	it('does the same with texts for numbers and switches, and with further keys', async () => {
		if (NEEDS_FILE.includes(key)) {
			await expect(call(await filled())).rejects.toThrow(/file|binary/i);
			return;
		}
		const typed = keysOf(await call(await filled()));
		const emailed = emails();
		// inSigner requires 5 minutes between bulk sends.
		await bench.sandbox.clock.advance(6 * 60_000);
		bench.sandbox.journal.clear();
		const { parameters, args } = await filled();
		const extra = { confirm: true, reason: 'The user asked for it', nested: { a: [1, null] } };
		const answer = await call({ parameters, args: { ...asTexts(args), ...extra } });
		expect([keysOf(answer), emails()]).toEqual([typed, emailed]);
	});

	it('with a null, it does what an empty parameter does, or says which one is empty', async () => {
		for (const name of Object.keys((await filled()).args)) {
			const { parameters, args } = await filled();
			bench.sandbox.journal.clear();
			const said = await call({ parameters, args: { ...args, [name]: null } }).catch(
				(error: Error) => error.message,
			);
			if (typeof said !== 'string') continue;
			expect([name, said]).toEqual([
				name,
				expect.stringMatching(/ is empty|gives nothing for this item|this item has no files/),
			]);
			expect(bench.sandbox.journal.emails).toEqual([]);
		}
	});
});
