import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { FORM_NAMES } from '../../sandbox/sandbox';

const root = join(__dirname, '../../..');
const page = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

/** The rows of the table of inferred facts. */
const rows = [...page.matchAll(/^\| (\d+) +\| .*? \| `([^`]+)`: `([^`]+)` +\| (.*?) +\|$/gm)].map(
	([, number, file = '', name = '', forms = '']) => ({ number: Number(number), file, name, forms }),
);

const codeSpans = (text: string): string[] =>
	[...text.matchAll(/`([^`]+)`/g)].map(([, span = '']) => span);

/** What stands in for n8n's server, and where n8n's own is tested. */
const engine = page.slice(page.indexOf('## The engine'), page.indexOf('## The host'));

it('docs/architecture.md names no file of the tests that is not there', () => {
	const named = [...page.matchAll(/`(test\/[\w./-]+)`/g)].map(([, file = '']) => file);
	expect(named.length).toBeGreaterThan(10);
	expect(named.filter((file) => !existsSync(join(root, file)))).toEqual([]);
});

describe('the parts of the engine in docs/architecture.md', () => {
	it('are complete, except for those that stand in for nothing', () => {
		// The engine itself, files (n8n-core's own service), and errors of the same realm.
		const own = ['index.ts', 'binary.ts', 'oneRealm.ts'];
		const files = readdirSync(join(root, 'test/engine/harness'));
		const listed = codeSpans(engine).filter((span) => /^\w+\.ts$/.test(span));
		expect(listed.sort()).toEqual(files.filter((file) => !own.includes(file)).sort());
	});

	it('are tested in files that exist, by tests that are in them', () => {
		const files = codeSpans(engine).filter((span) => /^test\/.*\.ts$/.test(span));
		expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
		const named = [...engine.matchAll(/`(test\/[^`]+\.ts)`: ("[^|;]+")/g)].flatMap(
			([, file = '', names = '']) =>
				[...names.matchAll(/"([^"]+)"/g)].map(([, name = '']) => ({ file, name })),
		);
		expect(named.length).toBeGreaterThan(2);
		const isThere = ({ file, name }: (typeof named)[number]) =>
			readFileSync(join(root, file), 'utf8').includes(name);
		expect(named.filter((test) => !isThere(test))).toEqual([]);
	});
});

describe('the inferred facts in docs/architecture.md', () => {
	it('are all 27', () => {
		expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 27 }, (_, n) => n + 1));
	});

	it.each(rows)('$number stands where it says: $file', ({ file, name }) => {
		const path = join(root, 'nodes/InSigner', file);
		expect(existsSync(path)).toBe(true);
		expect(readFileSync(path, 'utf8')).toMatch(new RegExp(`\\b${name}\\b`));
	});

	it('are tried in forms that the sandbox has, and no form is left out', () => {
		const section = page.slice(page.indexOf('## What is inferred'), page.indexOf('## The sandbox'));
		const known: readonly string[] = FORM_NAMES;
		const named = rows.flatMap(({ forms }) => codeSpans(forms));
		expect(named.filter((form) => !known.includes(form))).toEqual([]);
		expect(known.filter((form) => !codeSpans(section).includes(form))).toEqual([]);
		expect(readme).toContain(`tested in ${known.length} forms`);
	});
});
