import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const root = join(__dirname, '../../..');
const rooms = join(root, 'nodes/InSigner');

/** ESLint and the list of zones are ES modules, which jest does not load: a separate process prints their results. */
function printed(script: string, input = ''): unknown {
	return JSON.parse(
		execFileSync(process.execPath, [join(__dirname, script)], {
			cwd: root,
			input,
			encoding: 'utf8',
		}),
	);
}

interface Wall {
	name: string;
	rule: string;
	/** Code that is not allowed everywhere. */
	text: string;
	/** The lines of it that are refused, by file. */
	refused: Record<string, number[]>;
}

const WALLS: Wall[] = [
	{
		name: 'a parameter is read past the one place that knows types',
		rule: 'no-restricted-properties',
		text: `import type { IExecuteFunctions } from 'n8n-workflow';

export const read = (ctx: IExecuteFunctions) => [
	ctx.getNodeParameter('send', 0),
	ctx['getNodeParameter']('send', 0),
];

export function alsoRead({ getNodeParameter }: IExecuteFunctions): unknown {
	return getNodeParameter('send', 0);
}
`,
		refused: {
			'nodes/InSigner/actions/deliberate.ts': [4, 5, 8],
			'nodes/InSigner/events/settings.ts': [4, 5, 8],
			'nodes/InSigner/InSigner.node.ts': [4, 5, 8],
			'nodes/InSigner/parameters/parameters.ts': [],
		},
	},
	{
		name: 'a request is sent past the one door',
		rule: 'no-restricted-properties',
		text: `import type { IExecuteFunctions } from 'n8n-workflow';

export const send = [
	async (ctx: IExecuteFunctions) => await ctx.helpers.httpRequest({ url: '' }),
	async ({ helpers }: IExecuteFunctions) => await helpers.request({ url: '' }),
	async ({ helpers: { httpRequestWithAuthentication } }: IExecuteFunctions) =>
		httpRequestWithAuthentication,
];
`,
		refused: {
			'nodes/InSigner/webhooks/probe.ts': [4, 5, 6],
			'nodes/InSigner/api/files.ts': [4, 5, 6],
			'nodes/InSigner/parameters/parameters.ts': [4, 5, 6],
			'nodes/InSigner/api/transport.ts': [],
		},
	},
	{
		name: 'an HTTP status means something outside api/',
		rule: 'no-restricted-syntax',
		text: `export const isGone = (error: { status?: number }, status: number) =>
	error.status === 404 ||
	status >= 500;
`,
		refused: { 'nodes/InSigner/polling/reading.ts': [2, 3], 'nodes/InSigner/api/errors.ts': [] },
	},
	{
		name: 'an error is asked for its HTTP status outside api/',
		rule: 'no-restricted-imports',
		text: `import { hasStatus, isGone } from '../api/errors';\n`,
		refused: { 'nodes/InSigner/polling/reading.ts': [1], 'nodes/InSigner/api/files.ts': [] },
	},
	{
		name: 'a room imports from one that it may not know',
		rule: 'no-restricted-imports',
		text: `import { route } from '../actions/router';
import { request } from '../api/request';
import { InSigner } from '../InSigner.node';
import { readSettings } from '../../events/settings';
`,
		refused: {
			'nodes/InSigner/trigger/receiving.ts': [1, 3],
			'nodes/InSigner/api/request.ts': [1, 3, 4],
			'nodes/InSigner/actions/document/get.operation.ts': [3],
		},
	},
];

describe('lint fails where', () => {
	let found: number[][][];

	beforeAll(() => {
		const texts = WALLS.map(({ rule, text, refused }) => ({
			rule,
			text,
			files: Object.keys(refused),
		}));
		found = printed('lintText.mjs', JSON.stringify(texts)) as number[][][];
	}, 120_000);

	it.each(WALLS.map(({ name, refused }, index) => [name, Object.values(refused), index] as const))(
		'%s',
		(_, refused, index) => expect(found[index]).toEqual(refused),
	);
});

/** Rooms with the rooms they import from. */
function importsOfRooms(): Record<string, string[]> {
	const found: Record<string, Set<string>> = {};
	for (const entry of readdirSync(rooms, { recursive: true, encoding: 'utf8' })) {
		const [room = '', file] = entry.split('/');
		if (file === undefined || !entry.endsWith('.ts') || entry.endsWith('.d.ts')) continue;
		const known = (found[room] ??= new Set());
		const text = readFileSync(join(rooms, entry), 'utf8');
		for (const [, from = ''] of text.matchAll(/from '(\.[^']+)'/g)) {
			const [other = ''] = relative(rooms, join(rooms, dirname(entry), from)).split('/');
			if (other !== room) known.add(other);
		}
	}
	return sorted(found);
}

/** The picture in docs/architecture.md: an arrow leads from a room to one it imports from. */
function drawn(): Record<string, string[]> {
	const text = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
	const [, picture = ''] = /```mermaid\nflowchart BT\n([^]*?)```/.exec(text) ?? [];
	const found: Record<string, Set<string>> = {};
	for (const [, name = ''] of picture.matchAll(/^\s*(\w+)\["/gm)) found[name] = new Set();
	for (const [, from = '', to = ''] of picture.matchAll(/^\s*([\w &]+) --> ([\w &]+)$/gm)) {
		for (const one of from.split(' & ')) to.split(' & ').forEach((other) => found[one]?.add(other));
	}
	return sorted(found);
}

function sorted(found: Record<string, Iterable<string>>): Record<string, string[]> {
	return Object.fromEntries(
		Object.entries(found)
			.sort(([one], [other]) => one.localeCompare(other))
			.map(([room, others]) => [room, [...others].sort()]),
	);
}

it('the rooms, the picture of them in docs/architecture.md and the list that lint enforces are the same', () => {
	const zones = sorted(printed('printZones.mjs') as Record<string, string[]>);
	expect(importsOfRooms()).toEqual(zones);
	expect(drawn()).toEqual(zones);
});
