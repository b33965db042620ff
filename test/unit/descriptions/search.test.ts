import { sublimeSearch } from '@n8n/utils/search/sublime-search';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { packageNodes } from '../../packageNodes';

interface Entry {
	properties: { displayName: string; codex: { alias: string[] } };
}

const folder = join(__dirname, '../../../nodes/InSigner');

/** What n8n's panel searches: the trigger is one entry with the action node, whose aliases it has. */
const entries = packageNodes()
	.map(({ constructor, description }): Entry => {
		const file = join(folder, `${constructor.name}.node.json`);
		const codex = JSON.parse(readFileSync(file, 'utf8')) as { alias: string[] };
		return { properties: { displayName: description.displayName, codex } };
	})
	.filter(({ properties }) => properties.displayName !== 'inSigner Trigger');

const found = (words: string) =>
	sublimeSearch(words, entries).map(({ item }) => item.properties.displayName);

/** Typed into the real panel, too: test/browser. */
const PHRASES = [
	...['send contract', 'send document', 'send for signature', 'sign pdf', 'document signed'],
	...['webhook signed', 'signed', 'reminder', 'template', 'approve', 'approval'],
	...['signature request', 'esign', 'e-signature', 'docusign', 'nda', 'contract'],
];

describe("n8n's search of nodes", () => {
	it.each(PHRASES)('finds inSigner first by "%s"', (words) => {
		expect(found(words)[0]).toBe('inSigner');
	});

	it('finds the polling trigger by what it is for, and not before the other where both fit', () => {
		expect(found('polling')[0]).toBe('inSigner Polling Trigger');
		expect(found('insigner')).toEqual(['inSigner', 'inSigner Polling Trigger']);
	});
});
