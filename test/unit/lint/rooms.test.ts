import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const root = join(__dirname, '../../..');
const rooms = join(root, 'nodes/InSigner');

/** ESLint and the list of zones are ES modules, which jest does not load: a process of its own says what they say. */
function printed(script: string, args: string[], input = ''): unknown {
	return JSON.parse(
		execFileSync(process.execPath, [join(__dirname, script), ...args], {
			cwd: root,
			input,
			encoding: 'utf8',
		}),
	);
}

/** Lines that a rule refuses, by file; the text is linted as if it were each of them. */
const refused = (rule: string, text: string, files: string[]): number[][] =>
	Object.values(printed('lintText.mjs', [rule, ...files], text) as Record<string, number[]>);

it('lint fails where a parameter is read past the one place that knows types', () => {
	const text = `import type { IExecuteFunctions } from 'n8n-workflow';

export const read = (ctx: IExecuteFunctions) => [
	ctx.getNodeParameter('send', 0),
	ctx['getNodeParameter']('send', 0),
];

export function alsoRead({ getNodeParameter }: IExecuteFunctions): unknown {
	return getNodeParameter('send', 0);
}
`;
	expect(
		refused('no-restricted-properties', text, [
			'nodes/InSigner/actions/deliberate.ts',
			'nodes/InSigner/events/settings.ts',
			'nodes/InSigner/InSigner.node.ts',
			'nodes/InSigner/parameters/parameters.ts',
		]),
	).toEqual([[4, 5, 8], [4, 5, 8], [4, 5, 8], []]);
}, 120_000);

it('lint fails where a request is sent past the one door', () => {
	const text = `import type { IExecuteFunctions } from 'n8n-workflow';

export const send = [
	async (ctx: IExecuteFunctions) => await ctx.helpers.httpRequest({ url: '' }),
	async ({ helpers }: IExecuteFunctions) => await helpers.request({ url: '' }),
	async ({ helpers: { httpRequestWithAuthentication } }: IExecuteFunctions) =>
		httpRequestWithAuthentication,
];
`;
	expect(
		refused('no-restricted-properties', text, [
			'nodes/InSigner/webhooks/probe.ts',
			'nodes/InSigner/api/files.ts',
			'nodes/InSigner/parameters/parameters.ts',
			'nodes/InSigner/api/transport.ts',
		]),
	).toEqual([[4, 5, 6], [4, 5, 6], [4, 5, 6], []]);
}, 120_000);

it('lint fails where an HTTP status means something outside api/', () => {
	const status = `export const isGone = (error: { status?: number }, status: number) =>
	error.status === 404 ||
	status >= 500;
`;
	const files = ['nodes/InSigner/polling/reading.ts', 'nodes/InSigner/api/errors.ts'];
	expect(refused('no-restricted-syntax', status, files)).toEqual([[2, 3], []]);

	const name = `import { hasStatus, isGone } from '../api/errors';\n`;
	expect(refused('no-restricted-imports', name, files)).toEqual([[1], []]);
}, 120_000);

it('lint fails where a room imports from one that it may not know', () => {
	const text = `import { route } from '../actions/router';
import { request } from '../api/request';
import { InSigner } from '../InSigner.node';
import { readSettings } from '../../events/settings';
`;
	expect(
		refused('no-restricted-imports', text, [
			'nodes/InSigner/trigger/receiving.ts',
			'nodes/InSigner/api/request.ts',
			'nodes/InSigner/actions/document/get.operation.ts',
		]),
	).toEqual([[1, 3], [1, 3, 4], [3]]);
}, 120_000);

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

it('the rooms, the picture of them in docs/architecture.md and the list that lint holds them to are the same', () => {
	const zones = sorted(printed('zones.mjs', []) as Record<string, string[]>);
	expect(importsOfRooms()).toEqual(zones);
	expect(drawn()).toEqual(zones);
});
