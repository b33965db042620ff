import type {
	INodeParameters,
	INodeProperties,
	INodePropertyCollection,
	INodePropertyOptions,
	INodeType,
} from 'n8n-workflow';
import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { Workflow } from 'n8n-workflow';

import { resources } from '../../../nodes/InSigner/actions/resources';
import { InSigner } from '../../../nodes/InSigner/InSigner.node';
import { InSignerTrigger } from '../../../nodes/InSigner/InSignerTrigger.node';
import { packageNodes } from '../../packageNodes';

type Entry = INodeProperties | INodePropertyOptions | INodePropertyCollection;

interface Parameter {
	/** Where it stands, for people. */
	place: string;
	property: INodeProperties;
}

const isProperty = (entry: Entry): entry is INodeProperties => 'type' in entry;
const isGroup = (entry: Entry): entry is INodePropertyCollection => 'values' in entry;

/** A parameter and all that are nested in it. */
function walk(property: INodeProperties, above: string): Parameter[] {
	const place = `${above} > ${property.displayName}`;
	const nested = (property.options ?? []).flatMap((entry: Entry) => {
		if (isProperty(entry)) return walk(entry, place);
		if (isGroup(entry)) return entry.values.flatMap((value) => walk(value, place));
		return [];
	});
	return [{ place, property }, ...nested];
}

const parameters = packageNodes().flatMap(({ description: { displayName, properties } }) =>
	properties.flatMap((property) => {
		const { resource, operation } = property.displayOptions?.show ?? {};
		return walk(property, [displayName, ...(resource ?? []), ...(operation ?? [])].join(' '));
	}),
);

const placesOf = (isWrong: (property: INodeProperties) => boolean) =>
	parameters.filter(({ property }) => isWrong(property)).map(({ place }) => place);

/** n8n shows no description of these. */
const isMenuOrNotice = ({ name, type }: INodeProperties) =>
	['resource', 'operation', 'events'].includes(name) ||
	['notice', 'callout', 'hidden'].includes(type);

const isSorted = (names: string[]) =>
	names.every((name, index) => index === 0 || (names[index - 1] ?? '').localeCompare(name) <= 0);

describe('the parameters', () => {
	it('are many', () => expect(parameters.length).toBeGreaterThan(150));

	it('have a description, each of them', () => {
		expect(
			placesOf((property) => !isMenuOrNotice(property) && !property.description?.trim()),
		).toEqual([]);
	});

	it('start with "Whether" where they are switches', () => {
		expect(
			placesOf(
				({ type, description }) => type === 'boolean' && !description?.startsWith('Whether '),
			),
		).toEqual([]);
	});

	it('give an example as placeholder, or say what a button adds', () => {
		const isButton = ({ type, typeOptions }: INodeProperties) =>
			['collection', 'fixedCollection'].includes(type) || typeOptions?.multipleValues;
		expect(
			placesOf((property) => {
				const { placeholder = '', modes = [] } = property;
				const start = isButton(property) ? 'Add ' : 'e.g. ';
				return (
					(placeholder !== '' && !placeholder.startsWith(start)) ||
					modes.some((mode) => mode.placeholder && !mode.placeholder.startsWith('e.g. '))
				);
			}),
		).toEqual([]);
	});

	it('stand in the order of the alphabet within a collection', () => {
		expect(
			placesOf(({ type, options = [] }) => {
				const names = options.filter(isProperty).map(({ displayName }) => displayName);
				return type === 'collection' && !isSorted(names);
			}),
		).toEqual([]);
	});
});

describe('the menu', () => {
	const menus = resources.flatMap(({ operations }) => operations.map(({ menu }) => menu));

	it.each(menus.map((menu) => [menu.action, menu]))('%s', (action, { description }) => {
		// Sentence case without articles; only names are written otherwise.
		expect(action).toMatch(/^[A-Z][a-z]+( [a-z-]+)+$/);
		expect(action).not.toMatch(/\b(a|an|the)\b/);
		expect(description).not.toBe('');
	});

	it('has every operation that there is a file of', () => {
		const actions = join(__dirname, '../../../nodes/InSigner/actions');
		const files = readdirSync(actions, { recursive: true, encoding: 'utf8' });
		const written = files.filter((file) => file.endsWith('.operation.ts'));
		const listed = resources.flatMap(({ value, operations }) =>
			operations.map(({ menu }) => join(value, `${menu.value}.operation.ts`)),
		);
		const advice = written
			.filter((file) => !listed.includes(file))
			.map((file) => {
				const [resource = '', operation = ''] = file.replace('.operation.ts', '').split(sep);
				return `Add ${operation} to nodes/InSigner/actions/${resource}/${resource}.resource.ts`;
			});
		expect(advice).toEqual([]);
		expect(listed).toHaveLength(written.length);
	});

	it('has a test of every operation that names it', () => {
		const folder = join(__dirname, '../../engine');
		const tests = readdirSync(folder)
			.filter((file) => file.endsWith('.test.ts'))
			.map((file) => readFileSync(join(folder, file), 'utf8'));
		const isNamed = (...names: string[]) =>
			tests.some((source) => names.every((name) => source.includes(`'${name}'`)));
		const advice = resources.flatMap(({ value, operations }) =>
			operations
				.filter(({ menu }) => !isNamed(value, String(menu.value)))
				.map(({ menu }) => `Test ${menu.value} in test/engine/${value}.test.ts`),
		);
		expect(advice).toEqual([]);
	});

	it('has descriptions that n8n shows in one line', () => {
		const long = menus.filter(({ description }) => description.length > 50);
		expect(long.map(({ description }) => description)).toEqual([]);
	});

	it('says of every list that it is how to find an ID', () => {
		const lists = menus.filter(({ value }) => value === 'getMany');
		expect(lists.length).toBeGreaterThan(5);
		for (const { description } of lists) expect(description).toMatch(/to find an ID$/);
	});

	it('begins with what people come for', () => {
		expect(resources.map(({ name }) => name)).toEqual([
			...['Document', 'Template', 'Bulk Send', 'Signer', 'Field', 'Campaign'],
			...['Organization', 'Webhook'],
		]);
		expect(menus[0]?.name).toBe('Create and Send');
	});
});

describe('the line below the node', () => {
	const subtitleOf = (parameters: INodeParameters, type: INodeType = new InSigner()) => {
		const node = {
			id: 'n',
			name: 'Node',
			type: 'inSigner',
			typeVersion: 1,
			position: [0, 0] as [number, number],
			parameters,
		};
		const workflow = new Workflow({
			nodes: [node],
			connections: {},
			active: false,
			nodeTypes: {
				getByName: () => type,
				getByNameAndVersion: () => type,
				getKnownTypes: () => ({}),
			},
		});
		return workflow.expression.getSimpleParameterValue(
			node,
			type.description.subtitle,
			'internal',
			{},
		);
	};

	it('is the action of each operation', () => {
		for (const { value, operations } of resources) {
			for (const { menu } of operations) {
				expect(subtitleOf({ resource: value, operation: String(menu.value) })).toBe(menu.action);
			}
		}
	});

	it('says what is chosen where it is no operation of ours', () => {
		expect(subtitleOf({ resource: 'document', operation: '__CUSTOM_API_CALL__' })).toBe(
			'__CUSTOM_API_CALL__',
		);
	});

	it.each(packageNodes().filter(({ description }) => description.group.includes('trigger')))(
		'has the names of the events that start a workflow',
		(trigger) => {
			const events = ['document.completed', 'signer.completed'];
			expect(subtitleOf({ events }, trigger)).toBe('Document Completed, Signer Completed');
			expect(subtitleOf({ events: ['some.other'] }, trigger)).toBe('some.other');
		},
	);

	it('has those of undocumented events, too', () => {
		const chosen = { events: [], options: { undocumentedEvents: ['document.viewed'] } };
		expect(subtitleOf(chosen, new InSignerTrigger())).toBe('Document Viewed');
	});
});
