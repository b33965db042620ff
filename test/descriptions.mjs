// Agrees to the parameters of the nodes as they are in the code now: writes test/unit/descriptions/*.json, which the
// unit test of the same name compares with.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const jest = join(root, 'node_modules/jest/bin/jest.js');
const { status } = spawnSync(
	process.execPath,
	[jest, '--selectProjects', 'unit', '--testPathPatterns', 'unit/descriptions/outline'],
	{ cwd: root, stdio: 'inherit', env: { ...process.env, UPDATE_DESCRIPTIONS: 'yes' } },
);
process.exitCode = status ?? 1;
