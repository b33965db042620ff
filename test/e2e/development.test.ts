import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { startDevelopment, type Development } from '../host/development';

const MINUTE = 60_000;
const root = resolve(__dirname, '../..');
const NEEDED = ['nodes', 'credentials', 'icons', 'gulpfile.js', 'package.json', 'tsconfig.json'];

let project: string;
let development: Development;

beforeAll(async () => {
	project = await mkdtemp(join(tmpdir(), 'n8n-insigner-project-'));
	for (const name of NEEDED) await cp(join(root, name), join(project, name), { recursive: true });
	await symlink(join(root, 'node_modules'), join(project, 'node_modules'), 'junction');
	development = await startDevelopment(project, (line) => process.stderr.write(`${line}\n`));
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
			// n8n writes the list anew while it is read.
			seen = await descriptionIn().catch(() => before);
			if (seen !== before) break;
		}
		expect(seen).toBe('Changed while n8n was running');
	},
	3 * MINUTE,
);
