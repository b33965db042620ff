import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { EndpointName } from '../../../nodes/InSigner/api/endpoint';
import { endpoints } from '../../../nodes/InSigner/api/endpoints';
import { coverageDocument } from '../../apiCoverage/document';
import { findUsers, type User } from '../../apiCoverage/usage';
import { INFERENCES, settledBy } from '../../conformance/inferences';

let users: User[];

beforeAll(() => {
	users = findUsers();
}, 120_000);

const endpointsOf = (wanted: string) =>
	[...(users.find(({ name }) => name === wanted)?.endpoints ?? [])].sort();

it('docs/api-coverage.md is what npm run docs:coverage makes today', () => {
	const kept = readFileSync(join(__dirname, '../../../docs/api-coverage.md'), 'utf8');
	expect(kept).toBe(coverageDocument(users));
});

it('no endpoint is without an operation or the trigger', () => {
	const unused = Object.keys(endpoints).filter(
		(endpoint) =>
			!users.some(({ kind, endpoints: used }) => kind !== 'picker' && used.has(endpoint)),
	);
	expect(unused).toEqual([]);
});

it('everything that is not documented can be settled, and stands in the document once', () => {
	const document = coverageDocument(users);
	const open = Object.entries(endpoints).filter(([, { known }]) => known !== 'documented');
	expect(open.filter(([name]) => settledBy(name as EndpointName) === '–')).toEqual([]);
	const missing = INFERENCES.filter(
		({ number, settledBy: how }) => !document.includes(`${number}. `) || !document.includes(how),
	);
	expect(missing).toEqual([]);
});

it('follows calls through other files, and only those that can happen', () => {
	expect(endpointsOf('Document: Download')).toEqual([
		'downloadDocument',
		'getDocument',
		'listFields',
		'listSigners',
	]);
	// Its file imports from one that also creates and lists webhooks.
	expect(endpointsOf('Webhook: Delete')).toEqual(['deleteWebhook', 'updateWebhook']);
	expect(endpointsOf('Document: Delete')).toEqual(['deleteDocument']);
	expect(endpointsOf('inSigner Trigger')).toContain('createWebhook');
	expect(endpointsOf('inSigner Polling Trigger')).toContain('listBulkSends');
});
