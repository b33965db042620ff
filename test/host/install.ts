import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';

/** A ready n8n: where it is and how it is started (`nodeBinary n8nEntry start`). */
export interface InstalledN8n {
	/** The installation, with node_modules in it. */
	folder: string;
	/** Absolute path of the Node.js that runs n8n; not the one that runs this code. */
	nodeBinary: string;
	/** Absolute path of n8n's command line script. */
	n8nEntry: string;
	/** The version of n8n, e.g. `2.41.1`. */
	version: string;
}

/** Names the folder of an installation to use instead of the pinned one; see compat.ts. */
export const OTHER_INSTALLATION = 'N8N_INSTALLATION';

/**
 * Makes sure that an n8n is installed; see installN8n.mjs. Takes a few minutes and about 2.9 GB of disk the first time, a
 * moment afterwards. Safe when several processes do it at once.
 *
 * @param onProgress - receives a line of text at least every ten seconds
 * @param version - of n8n; the pinned one if it is left out
 * @throws Error when the disk is too small, a build tool is missing, the npm registry cannot be reached or the
 *   compiler fails; the message says what to do
 */
export async function installN8n(
	onProgress: (line: string) => void = () => undefined,
	version?: string,
): Promise<InstalledN8n> {
	const args = [join(__dirname, 'installN8n.mjs'), ...(version ? [version] : [])];
	const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
	const said: string[] = [];
	createInterface(child.stderr).on('line', (line) => {
		said.push(line);
		if (line) onProgress(line);
	});
	const [output, [code]] = await Promise.all([
		text(child.stdout),
		once(child, 'close') as Promise<[number | null]>,
	]);
	if (code === 0) return JSON.parse(output) as InstalledN8n;
	// What it says at the end comes after an empty line.
	throw new Error(
		said.slice(said.lastIndexOf('') + 1).join('\n') || 'The installation of n8n was ended.',
	);
}
