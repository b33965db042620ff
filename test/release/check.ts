/**
 * `npm run release:check -- v1.2.3`: the tarball as npm would publish it, and whether tag, package.json and CHANGELOG
 * agree. Without a tag only the tarball. dist/ has to be built before.
 */
import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

import { packTarball } from '../host/pack';
import { findings, versionFindings } from './packedPackage';

const project = resolve(__dirname, '..', '..');

async function main(): Promise<void> {
	const [tag] = process.argv.slice(2);
	const packed = await packTarball();
	const folder = dirname(packed.file);
	try {
		await promisify(execFile)('tar', ['-xzf', packed.file, '-C', folder]);
		const found = await findings(join(folder, 'package'), project);
		if (tag !== undefined) {
			const manifest = await readFile(join(folder, 'package', 'package.json'), 'utf8');
			const { version } = JSON.parse(manifest) as { version: string };
			const changelog = await readFile(join(folder, 'package', 'CHANGELOG.md'), 'utf8');
			found.push(...versionFindings(tag, version, changelog));
		}
		for (const line of found) console.log(line);
		if (found.length > 0) process.exitCode = 1;
		else console.log(`${packed.files.length} files, nothing to object to${tag ? `, ${tag}` : ''}`);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

main().catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
