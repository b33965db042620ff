/** How large the package is, and how long n8n waits for its classes. */
import { execFile } from 'node:child_process';
import { rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

import { installN8n } from '../host/install';
import { unpackCommunityPackages } from '../host/n8n';
import { packTarball } from '../host/pack';
import type { PlainBenchmark, Row } from './benchmark';
import { alternate, median, rounded, spread, type Rival } from './measuring';

const ROUNDS = 9;

/** Runs in n8n's Node.js; what n8n itself has loaded by then is loaded before the clock starts. */
const SCRIPT = `
const { createRequire } = require('node:module');
const [from, file, name] = process.argv.slice(1);
const load = createRequire(from);
for (const shared of ['n8n-workflow', 'luxon', 'zod', 'lodash']) load(shared);
const startedAt = performance.now();
new (require(file)[name])();
process.stdout.write(String(performance.now() - startedAt));
`;

export const packageSize: PlainBenchmark = {
	withoutN8n: true,
	title: () =>
		"Time to load a class and make one, each time in a fresh process of n8n's Node.js, next to classes of n8n's own. Libraries that n8n has loaded anyway are loaded before",
	run: async ({ say }) => {
		const installed = await installN8n(say);
		const packed = await packTarball();
		const folder = dirname(packed.file);
		try {
			const inN8n = join(installed.folder, 'node_modules');
			await unpackCommunityPackages(folder, { [packed.name]: packed.file });
			const ours = join(folder, '.n8n/nodes/node_modules', packed.name);
			const base = join(inN8n, 'n8n-nodes-base/dist/nodes');
			const classes: Array<[name: string, file: string]> = [
				['InSigner', join(ours, 'dist/nodes/InSigner/InSigner.node.js')],
				['InSignerTrigger', join(ours, 'dist/nodes/InSigner/InSignerTrigger.node.js')],
				['InSignerApi', join(ours, 'dist/credentials/InSignerApi.credentials.js')],
				['HttpRequest', join(base, 'HttpRequest/HttpRequest.node.js')],
				['Slack', join(base, 'Slack/Slack.node.js')],
				['GithubTrigger', join(base, 'Github/GithubTrigger.node.js')],
			];
			const load = async (name: string, file: string): Promise<number> => {
				const from = join(inN8n, 'n8n-core/package.json');
				const { stdout } = await promisify(execFile)(
					installed.nodeBinary,
					['-e', SCRIPT, from, file, name],
					{ env: { ...process.env, NODE_PATH: inN8n } },
				);
				return Number(stdout);
			};
			say(`package: ${ROUNDS} rounds of ${classes.length} classes`);
			const rivals = classes.map(
				([name, file]): Rival<number> => ({ name, run: async () => await load(name, file) }),
			);
			const times = await alternate(rivals, ROUNDS);
			const rows: Row[] = [...times].map(([name, ms]) => ({
				Class: name,
				Package: classes.some(([own, file]) => own === name && file.startsWith(ours))
					? packed.name
					: 'n8n-nodes-base',
				'Load ms': rounded(median(ms), 1),
				'Spread ms': spread(ms, 1),
			}));
			const sizes = await Promise.all(
				packed.files.map(async (file) => (await stat(resolve(ours, file))).size),
			);
			const unpacked = sizes.reduce((sum, size) => sum + size, 0);
			return {
				rows,
				conclusions: [
					{
						what: 'Tarball',
						value: Math.round((await stat(packed.file)).size / 1000),
						unit: ' kB',
					},
					{ what: 'Unpacked', value: Math.round(unpacked / 1000), unit: ' kB' },
					{ what: 'Files', value: packed.files.length },
					{ what: 'Dependencies that are installed with it', value: 0 },
				],
			};
		} finally {
			await rm(folder, { recursive: true, force: true });
		}
	},
};
