import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

/** What every folder may have of its own: what it gives to others, and what is run by a command of package.json. */
const EVERYWHERE = ['index.ts', 'cli.ts'];

it('no two sources of the tests have one name', () => {
	const files = readdirSync(join(__dirname, '../..'), { recursive: true, encoding: 'utf8' })
		.filter((file) => /\.(ts|mjs|cjs)$/.test(file) && !file.endsWith('.test.ts'))
		.filter((file) => !EVERYWHERE.includes(basename(file)));
	expect(files.length).toBeGreaterThan(100);
	const twice = files.filter((file) =>
		files.some((other) => other !== file && basename(other) === basename(file)),
	);
	expect(twice).toEqual([]);
});
