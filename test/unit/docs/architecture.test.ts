import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { FORM_NAMES } from '../../sandbox/sandbox';

const root = join(__dirname, '../../..');
const page = readFileSync(join(root, 'docs/architecture.md'), 'utf8');

/** The rows of the table of inferred facts. */
const rows = [...page.matchAll(/^\| (\d+) +\| .*? \| `([^`]+)`: `([^`]+)` +\| (.*?) +\|$/gm)].map(
	([, number, file = '', name = '', forms = '']) => ({ number: Number(number), file, name, forms }),
);

const codeSpans = (text: string): string[] =>
	[...text.matchAll(/`([^`]+)`/g)].map(([, span = '']) => span);

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
	});
});
