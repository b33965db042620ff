import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { textsIn, textsInSource } from './texts';

/** The code spans in the first column of the tables. */
function entries(): string[] {
	const page = readFileSync(join(__dirname, '../../../docs/troubleshooting.md'), 'utf8');
	return page
		.split('\n')
		.flatMap((line) => /^\| (`.*?`) +\| /.exec(line)?.[1] ?? [])
		.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text));
}

describe('docs/troubleshooting.md', () => {
	const texts = textsInSource();

	it('explains every text of the nodes', () => {
		const explained = new Set(entries());
		const missing = [...texts].filter(([text]) => !explained.has(text));
		expect(missing.map(([text, file]) => `${file}: ${text}`)).toEqual([]);
	});

	it('explains no text that the nodes do not have, and none twice', () => {
		expect(entries().filter((entry) => !texts.has(entry))).toEqual([]);
		expect(entries().filter((entry, index, all) => all.indexOf(entry) !== index)).toEqual([]);
	});
});

describe('the whole messages of docs/troubleshooting.md', () => {
	// That they are what the nodes say is checked by test/engine/wholeMessages.test.ts.
	const page = readFileSync(join(__dirname, '../../../docs/troubleshooting.md'), 'utf8');
	const table = page.slice(page.indexOf('<!-- whole'), page.indexOf('<!-- end of whole'));
	const shown = [...table.matchAll(/^\|[^|]+\| \*\*(.+?)\*\* ?(.*?) +\|/gm)];

	it('are whole: nothing stands for what is filled in', () => {
		expect(shown.length).toBeGreaterThan(10);
		expect(table).not.toContain('…');
	});

	it('can be read in one paragraph', () => {
		const run = shown.filter(([, , details = '']) => details !== '' && !/[.:!?]$/.test(details));
		expect(run.map(([row]) => row)).toEqual([]);
	});
});

describe('the search for texts', () => {
	it('finds messages and leaves labels out', () => {
		const code = `
			import x from 'not this one';
			const option = { name: 'Not this', value: 'a', description: 'Whether this is not one' };
			throw new Error(\`Row \${1} is  wrong\`);
			requireNoProblems(ctx, 0, [{ parameter: 'Update Fields', message: 'is empty' }]);
		`;
		expect(textsIn(code)).toEqual(['Row … is wrong', 'is empty']);
	});
});
