import { byId, startBench, type Bench } from './insigner';

let bench: Bench;

beforeAll(async () => {
	bench = await startBench();
}, 60_000);
afterAll(async () => await bench.stop());
beforeEach(() => {
	bench.sandbox.journal.clear();
	bench.sandbox.faults.clear();
});

const ann = { name: "Ann O'Brien", email: 'ann@example.com', phone: '' };
const bob = { name: 'Bob Zoë', email: 'bob@example.com', phone: '+15551234567' };

const requests = () => bench.sandbox.journal.requests.map(({ operationId }) => operationId);

const invitations = () =>
	bench.sandbox.journal.emails.filter(({ kind }) => kind === 'invitation').map(({ to }) => to);

const template = (name: string) => {
	const found = bench.sandbox.store.templates.all().find((candidate) => candidate.name === name);
	if (!found) throw new Error(`The sandbox has no template "${name}"`);
	return found;
};

describe('Template', () => {
	it('is listed and read', async () => {
		const listed = await bench.act('template', 'getMany', {
			returnAll: true,
			filters: { search: 'nda' },
		});
		expect(listed.items.map(({ json }) => json.name)).toEqual(['Standard NDA']);
		const { id } = template('Standard NDA');
		const read = await bench.act('template', 'get', { templateId: byId(id) });
		expect(read.items[0]?.json).toMatchObject({
			signers: [{ label: 'Party A' }, { label: 'Party B' }],
		});
	});

	it('becomes a draft, and is sent if asked to', async () => {
		const parameters = {
			templateId: byId(template('Standard NDA').id),
			name: 'NDA Acme',
			specifySigners: 'json',
			signersJson: [ann, bob],
			options: {},
		};
		const draft = await bench.act('template', 'createDocument', {
			...parameters,
			afterCreating: 'keepDraft',
		});
		expect(draft.error).toBeUndefined();
		expect(draft.items[0]?.json).toMatchObject({ name: 'NDA Acme', status: 'draft' });
		expect(invitations()).toEqual([]);

		const sent = await bench.act('template', 'createDocument', {
			...parameters,
			afterCreating: 'send',
		});
		expect(sent.items[0]?.json.status).toBe('pending');
		expect(invitations()).toEqual([ann.email]);
	});

	it('is sent in one step where people look for that: Document > Create and Send From Template', async () => {
		const { items, error } = await bench.act('document', 'createAndSendFromTemplate', {
			templateId: byId(template('Standard NDA').id),
			name: '',
			specifySigners: 'json',
			signersJson: [ann, bob],
			options: {},
		});
		expect(error).toBeUndefined();
		expect(items[0]?.json).toMatchObject({ name: 'Standard NDA', status: 'pending' });
		expect(invitations()).toEqual([ann.email]);
	});

	it('needs a person for each slot, and says which slots there are', async () => {
		const { error } = await bench.act('template', 'createDocument', {
			templateId: byId(template('Standard NDA').id),
			name: '',
			specifySigners: 'json',
			signersJson: [ann],
			afterCreating: 'send',
			options: {},
		});
		expect(error?.message).toMatch(/has 1 person, but the template has 2 slots: Party A, Party B/);
		expect(requests()).toEqual(['getTemplate']);
	});
});
