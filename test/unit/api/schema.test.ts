import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '../../..');

it('schema.d.ts is what openapi-typescript generates from insigner.openapi.yaml today', () => {
	const folder = mkdtempSync(join(tmpdir(), 'insigner-schema-'));
	const fresh = join(folder, 'schema.d.ts');
	try {
		const generator = join(root, 'node_modules/openapi-typescript/bin/cli.js');
		execFileSync(process.execPath, [generator, 'insigner.openapi.yaml', '-o', fresh], {
			cwd: root,
			stdio: 'pipe',
		});
		const kept = readFileSync(join(root, 'nodes/InSigner/api/schema.d.ts'), 'utf8');
		// Compared as a whole: a diff of 3,700 lines shows nothing that `npm run schema` does not fix.
		if (kept !== readFileSync(fresh, 'utf8')) throw new Error('It is not: run npm run schema');
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}, 60_000);
