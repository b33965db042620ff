import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../../..');
const page = readFileSync(join(root, 'docs/security.md'), 'utf8');

describe('docs/security.md', () => {
	it('names files that exist', () => {
		const files = [...page.matchAll(/`(test\/[^`]+)`/g)].map(([, file = '']) => file);
		expect(files.length).toBeGreaterThan(20);
		expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
	});

	it('names tests that are in them', () => {
		const named = [...page.matchAll(/`(test\/[^`]+\.ts)`: "([^"]+)"/g)];
		expect(named.length).toBeGreaterThan(8);
		const missing = named.filter(
			([, file = '', name = '']) => !readFileSync(join(root, file), 'utf8').includes(name),
		);
		expect(missing.map(([text]) => text)).toEqual([]);
	});
});
