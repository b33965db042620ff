import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

/** Names every folder may use: the file with its exports, and the one that a command of package.json runs. */
const EVERYWHERE = ['index.ts', 'cli.ts'];

it('no two test sources have the same name', () => {
	const files = readdirSync(join(__dirname, '../..'), { recursive: true, encoding: 'utf8' })
		.filter((file) => /\.(ts|mjs|cjs)$/.test(file) && !file.endsWith('.test.ts'))
		.filter((file) => !EVERYWHERE.includes(basename(file)));
	expect(files.length).toBeGreaterThan(100);
	const twice = files.filter((file) =>
		files.some((other) => other !== file && basename(other) === basename(file)),
	);
	expect(twice).toEqual([]);
});
