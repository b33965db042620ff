import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '../../..');

it('endpoints.ts is what npm run schema generates from insigner.openapi.yaml today', () => {
	const folder = mkdtempSync(join(tmpdir(), 'insigner-endpoints-'));
	const fresh = join(folder, 'endpoints.ts');
	try {
		execFileSync(process.execPath, ['test/endpoints.mjs', fresh], { cwd: root, stdio: 'pipe' });
		const kept = readFileSync(join(root, 'nodes/InSigner/api/endpoints.ts'), 'utf8');
		expect(kept).toBe(readFileSync(fresh, 'utf8'));
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}, 60_000);
