// Takes the screenshots in docs/images: builds, then runs the browser tests, which take them along the way. Fails if
// one is missing or larger than a documentation page should load.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

const LARGEST_BYTES = 200_000;
const root = join(import.meta.dirname, '..');
const folder = join(root, 'docs', 'images');

function run(...args) {
	const { status } = spawnSync(process.execPath, args, {
		cwd: root,
		stdio: 'inherit',
		env: { ...process.env, PICTURES_FOLDER: folder },
	});
	if (status !== 0) process.exit(status ?? 1);
}

run(join(root, 'node_modules/gulp/bin/gulp.js'), 'build');
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
run(join(root, 'node_modules/jest/bin/jest.js'), '--selectProjects', 'browser');

const pictures = readdirSync(folder).map((name) => ({
	name,
	bytes: statSync(join(folder, name)).size,
}));
console.table(pictures);
const large = pictures.filter(({ bytes }) => bytes > LARGEST_BYTES);
if (pictures.length === 0) throw new Error('No picture was taken.');
if (large.length > 0) {
	throw new Error(`Too large: ${large.map(({ name }) => name).join(', ')}`);
}
