/** Packs the built project the way it would be published. */
import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const runFile = promisify(execFile);

export interface Packed {
	/** Name of the package. */
	name: string;
	/** Absolute path of the .tgz file. */
	file: string;
	/** Paths inside the package, e.g. `dist/nodes/InSigner/InSigner.node.js`. */
	files: string[];
}

/**
 * Runs `npm pack` in the project; what is in dist/ has to be built before.
 *
 * @param projectFolder by default this project
 * @returns the tarball, in a new folder below the system's temporary folder that is the caller's to remove
 * @throws Error when npm cannot pack or lists nothing
 */
export async function packTarball(projectFolder = resolve(__dirname, '..', '..')): Promise<Packed> {
	const folder = await mkdtemp(join(tmpdir(), 'n8n-insigner-pack-'));
	const script = process.env.npm_execpath;
	// Under `npm run` the npm that runs it, else the one on the PATH.
	const [command, first] =
		script && basename(script) === 'npm-cli.js' ? [process.execPath, [script]] : ['npm', []];
	const { stdout } = await runFile(
		command,
		[...first, 'pack', '--json', '--ignore-scripts', '--pack-destination', folder],
		{ cwd: projectFolder, maxBuffer: 50e6 },
	);
	const report = JSON.parse(stdout) as Array<{
		name: string;
		filename: string;
		files: Array<{ path: string }>;
	}>;
	const [packed] = report;
	if (!packed) throw new Error(`npm pack listed no package:\n${stdout}`);
	return {
		name: packed.name,
		file: join(folder, packed.filename),
		files: packed.files.map(({ path }) => path),
	};
}
