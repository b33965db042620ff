// Writes the output previews in nodes/InSigner/__schema__ from what the operations return in the sandbox. The same
// test, run without this, fails when one of them is stale.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const { status } = spawnSync(
	process.execPath,
	[
		join(root, 'node_modules/jest/bin/jest.js'),
		...['--selectProjects', 'engine', '--testPathPatterns', 'engine/outputPreviews'],
	],
	{ cwd: root, stdio: 'inherit', env: { ...process.env, WRITE_SCHEMAS: 'true' } },
);
process.exitCode = status ?? 1;
