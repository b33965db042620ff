import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const MINUTE = 60_000;
const root = resolve(__dirname, '../..');

it(
	'the demo leaves nothing behind when its terminal is closed',
	async () => {
		const folder = await mkdtemp(join(tmpdir(), 'n8n-insigner-terminal-'));
		try {
			const demo = spawn(process.execPath, ['--import', 'tsx', 'test/host/demo.ts'], {
				cwd: root,
				env: { ...process.env, TMPDIR: folder },
				stdio: ['ignore', 'pipe', 'inherit'],
			});
			const exit = once(demo, 'exit');
			let said = '';
			await new Promise<void>((isReady, failed) => {
				demo.stdout.on('data', (text: Buffer) => {
					said += String(text);
					if (said.includes('Ctrl-C ends the demo')) isReady();
				});
				void exit.then(() => failed(new Error(`The demo ended:\n${said}`)));
			});
			// It has written the files of a whole n8n.
			expect(await readdir(folder)).not.toEqual([]);

			// What a terminal does: no one reads any longer, and the signal says so.
			demo.stdout.destroy();
			demo.kill('SIGHUP');
			expect(await exit).toEqual([0, null]);
			// The compiler of the command itself keeps a cache, as every tsx does.
			expect((await readdir(folder)).filter((name) => !name.startsWith('tsx-'))).toEqual([]);
		} finally {
			await rm(folder, { recursive: true, force: true });
		}
	},
	10 * MINUTE,
);
