import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { resources } from '../../../nodes/InSigner/actions/resources';

const page = readFileSync(join(__dirname, '../../../README.md'), 'utf8');

/**
 * The table of operations as "Resource: Operation"; a cell holds several of them, and those with a mark are inferred.
 */
function operationsInTable(): string[] {
	const section = page.slice(page.indexOf('## Operations'), page.indexOf('## Credentials'));
	const rows = section.match(/^\| Resource .*\n\|[ -|]+\n((?:\|.*\n)+)/m)?.[1]?.trim() ?? '';
	let resource = '';
	return rows.split('\n').flatMap((row) => {
		const [, first = '', names = ''] = row.split('|').map((cell) => cell.trim());
		resource = first || resource;
		return names.split(', ').map((name) => `${resource}: ${name.replace(/ \\\*$/, '')}`);
	});
}

it("README's table has every operation of the node, and no others", () => {
	const real = resources.flatMap(({ name, operations }) =>
		operations.map(({ menu }) => `${name}: ${menu.name}`),
	);
	const table = operationsInTable();
	const advice = [
		...real.filter((name) => !table.includes(name)).map((name) => `Add ${name} to README.md`),
		...table.filter((name) => !real.includes(name)).map((name) => `Take ${name} from README.md`),
	];
	expect(advice).toEqual([]);
	expect(table).toHaveLength(real.length);
});
