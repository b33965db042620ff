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
