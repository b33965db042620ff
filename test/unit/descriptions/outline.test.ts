import { writeFileSync } from 'node:fs';

import { differences, fileOf, kept, outlines } from './outline';

beforeAll(() => {
	if (!process.env.UPDATE_DESCRIPTIONS) return;
	for (const [name, outline] of Object.entries(outlines())) {
		writeFileSync(fileOf(name), `${JSON.stringify(outline, null, '\t')}\n`);
	}
});

describe('the parameters that saved workflows rely on', () => {
	it.each(Object.entries(outlines()))('are in %s what they were', (name, outline) => {
		expect(differences(kept(name), outline)).toBe('');
	});

	it('are not changed by another choice, but by one that is missing', () => {
		const menu = 'operation [resource=document]';
		const { [`${menu} > send`]: send = '', ...without } = kept('inSigner');
		expect(send).toBe('choice');
		expect(differences(without, kept('inSigner'))).toMatch(
			/^ADDED.*\n {2}\+ operation .* > send: /,
		);
		expect(differences(kept('inSigner'), without)).toMatch(
			/^REMOVED.*\n {2}- operation .* > send: /,
		);
	});

	it('are seen when they change', () => {
		const before = { name: 'string = ""', 'limit [returnAll=false]': 'number = 50' };
		expect(differences(before, { ...before })).toBe('');
		const text = differences(before, {
			title: 'string = ""',
			'limit [returnAll=false]': 'number = 5',
		});
		expect(text).toMatch(/REMOVED OR RENAMED.*\n {2}- name: string = ""/);
		expect(text).toMatch(/CHANGED.*\n {2}~ limit.*\n +was number = 50\n +is {2}number = 5\n/);
		expect(text).toMatch(/ADDED.*\n {2}\+ title/);
		expect(text).toMatch(/npm run descriptions/);
	});
});
