import { endpoints } from '../../../nodes/InSigner/api/endpoints';
import { loadContract, type ContractOperation } from '../../sandbox/contract';
import { startSandbox, type Sandbox } from '../../sandbox/sandbox';
import { call, readyDraft } from './calling';

let sandbox: Sandbox;

beforeAll(async () => {
	sandbox = await startSandbox({ requestsPerMinute: 1000 });
});
afterAll(() => sandbox.stop());

describe('the contract', () => {
	it('has every operation, each with a scope', async () => {
		const { operations } = await loadContract();
		expect(operations.map(({ id }) => id).sort()).toEqual(Object.keys(endpoints).sort());
		for (const operation of operations) expect(operation.scope).toMatch(/^[a-z_]+\.[a-z]+$/);
	});

	it('finds an answer that does not fit', async () => {
		const contract = await loadContract();
		const operation = contract.match('GET', '/documents/x') as ContractOperation;
		expect(contract.checkAnswer(operation, 200, { data: { id: 1 } })).toContain('data');
		expect(contract.checkAnswer(operation, 418, {})).toContain('418');
		expect(contract.checkAnswer(operation, 404, { title: 'x' })).toContain('required');
	});

	it('turns a breach by the sandbox itself into a loud 500', async () => {
		const [document] = sandbox.store.seedDocuments(1);
		if (document) Reflect.set(document, 'createdAt', 'yesterday');
		const { status } = await call(sandbox, 'GET', `/documents/${document?.id}`);
		expect(status).toBe(500);
		expect(sandbox.journal.requests.at(-1)?.contractViolation).toContain('createdAt');
		sandbox.journal.clear();
		sandbox.store.documents.delete(document?.id ?? '');
	});

	it('is kept by every operation', async () => {
		const done = new Set<string>();
		type WithId = { id: string };
		const run = async (
			method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
			path: string,
			body?: object,
		): Promise<string> => {
			const answer = await call<WithId>(sandbox, method, path, body);
			const entry = sandbox.journal.requests.at(-1);
			expect(`${method} ${path} ${answer.status}`).toMatch(/ 20[01]$/);
			done.add(entry?.operationId ?? '');
			return answer.data.id;
		};
		const nda = sandbox.store.templates.all().find((one) => one.name === 'Standard NDA');
		const single = sandbox.store.templates.all().find((one) => one.name === 'Employment Contract');
		const people = ['a@x.test', 'b@x.test'].map((email) => ({ name: email, email }));

		const made = await run('POST', '/documents', { name: 'Contract', message: 'Hello' });
		const path = `/documents/${made}`;
		await run('PATCH', path, { name: 'Contract 2' });
		await run('POST', `${path}/upload`, {
			filename: 'a.pdf',
			contentType: 'application/pdf',
			fileSize: 3,
		});
		const signer = await run('POST', `${path}/signers`, { name: 'A', email: 'a@x.test' });
		await run('PATCH', `${path}/signers/${signer}`, { name: 'B' });
		await run('GET', `${path}/signers`);
		const place = { page: 1, x: 1.5, y: 2, width: 3, height: 4, assignedTo: 0 };
		const field = await run('POST', `${path}/fields`, { type: 'text', ...place });
		await run('PATCH', `${path}/fields/${field}`, { label: 'C' });
		await run('GET', `${path}/fields`);
		await run('DELETE', `${path}/fields/${field}`);
		await run('DELETE', `${path}/signers/${signer}`);
		await run('GET', path);
		await run('GET', '/documents');
		await run('DELETE', path);

		const pending = await readyDraft(sandbox, ['a@x.test']);
		await run('POST', `/documents/${pending}/send`);
		await run('POST', `/documents/${pending}/remind`);
		await run('POST', `/documents/${pending}/cancel`, { reason: 'Changed my mind' });
		const [complete] = sandbox.store.seedDocuments(1, { status: 'completed' });
		await run('GET', `/documents/${complete?.id}/download`);

		await run('GET', '/templates?category=Legal');
		await run('GET', `/templates/${nda?.id}`);
		await run('POST', `/templates/${nda?.id}/use`, { signers: people });

		const campaign = await run('POST', '/campaigns', { templateId: single?.id, name: 'Intake' });
		await run('GET', '/campaigns?status=active');
		await run('GET', `/campaigns/${campaign}`);
		await run('PATCH', `/campaigns/${campaign}`, { status: 'paused' });
		await run('DELETE', `/campaigns/${campaign}`);

		const bulk = { templateId: single?.id, name: 'All', signers: people };
		const bulkSend = await run('POST', '/bulk-sends', bulk);
		await run('GET', '/bulk-sends');
		await run('GET', `/bulk-sends/${bulkSend}`);
		await run('DELETE', `/bulk-sends/${bulkSend}`);

		await run('GET', '/org');
		await run('GET', '/org/members');

		const url = 'http://localhost:1/hook';
		const webhook = await run('POST', '/webhooks', { url, events: ['document.completed'] });
		await run('GET', '/webhooks');
		await run('GET', `/webhooks/${webhook}`);
		await run('PATCH', `/webhooks/${webhook}`, { status: 'inactive' });
		await run('DELETE', `/webhooks/${webhook}`);

		const { operations } = await loadContract();
		const left = operations.filter(({ id }) => !done.has(id));
		const advice = left.map(({ id }) => `Call ${id} above, in test/unit/sandbox/contract.test.ts`);
		expect(advice).toEqual([]);
		expect(sandbox.journal.requests.filter((entry) => entry.contractViolation)).toEqual([]);
	});
});
