import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { request, WebSocket } from 'undici';

import { startDevelopment, type Development } from '../host/development';
import { freePorts } from '../host/n8n';

const MINUTE = 60_000;
const root = resolve(__dirname, '../..');
const NEEDED = ['nodes', 'credentials', 'icons', 'gulpfile.js', 'package.json', 'tsconfig.json'];

let project: string;
let development: Development;
let inspectPort: number | undefined;

beforeAll(async () => {
	project = await mkdtemp(join(tmpdir(), 'n8n-insigner-project-'));
	for (const name of NEEDED) await cp(join(root, name), join(project, name), { recursive: true });
	await symlink(join(root, 'node_modules'), join(project, 'node_modules'), 'junction');
	[inspectPort] = await freePorts(1);
	const say = (line: string) => process.stderr.write(`${line}\n`);
	development = await startDevelopment(project, say, inspectPort);
}, 30 * MINUTE);

afterAll(async () => {
	await development?.stop();
	await rm(project, { recursive: true, force: true });
}, MINUTE);

const descriptionIn = async () => {
	const types = await development.client.nodeDescriptions();
	return types.find(({ name }) => name === 'CUSTOM.inSigner')?.description;
};

it(
	'npm run dev brings a change in a source to the running n8n',
	async () => {
		const file = join(project, 'nodes/InSigner/InSigner.node.ts');
		const source = await readFile(file, 'utf8');
		const before = /description: '([^']+)'/.exec(source)?.[1];
		expect(before).toBeDefined();
		expect(await descriptionIn()).toBe(before);

		await writeFile(file, source.replace(`'${before}'`, "'Changed while n8n was running'"));
		let seen: string | undefined;
		for (const end = Date.now() + 2 * MINUTE; Date.now() < end; await delay(200)) {
			// n8n rewrites the list while it is read.
			seen = await descriptionIn().catch(() => before);
			if (seen !== before) break;
		}
		expect(seen).toBe('Changed while n8n was running');
	},
	3 * MINUTE,
);

/** The address of the source map of a script that n8n has loaded, as a debugger gets it. */
async function sourceMapOf(script: string): Promise<string> {
	const { body } = await request(`http://127.0.0.1:${inspectPort}/json`);
	const [target] = (await body.json()) as Array<{ webSocketDebuggerUrl: string }>;
	const socket = new WebSocket(target?.webSocketDebuggerUrl ?? '');
	socket.addEventListener('open', () => socket.send('{"id":1,"method":"Debugger.enable"}'));
	try {
		return await new Promise<string>((found, failed) => {
			socket.addEventListener('error', () => failed(new Error('No debugger gets in')));
			socket.addEventListener('message', ({ data }) => {
				const { params } = JSON.parse(String(data)) as {
					params?: { url?: string; sourceMapURL?: string };
				};
				const { url, sourceMapURL } = params ?? {};
				// The first one that n8n loads is that of the build, which has no source maps.
				if (url?.endsWith(script) && sourceMapURL) found(new URL(sourceMapURL, url).href);
			});
		});
	} finally {
		socket.close();
	}
}

it('a debugger finds the sources of the nodes', async () => {
	const map = fileURLToPath(await sourceMapOf('/nodes/InSigner/InSigner.node.js'));
	const { sources } = JSON.parse(await readFile(map, 'utf8')) as { sources: string[] };
	const files = sources.map((source) => join(dirname(map), source));
	expect(files).toEqual([join(project, 'nodes/InSigner/InSigner.node.ts')]);
	expect(files.map((file) => existsSync(file))).toEqual([true]);
}, 30_000);
