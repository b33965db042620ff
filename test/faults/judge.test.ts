import type { JournalEmail, StoredDocument } from '../sandbox/sandbox';
import { judge } from './judge';
import type { Traces } from './play';
import type { PreparedRun } from './sendings';

const KEY = 'isk_live_secret';

const prepared: PreparedRun = {
	parameters: {},
	items: [{ json: {} }],
	contracts: [{ item: 0, name: 'NDA', due: ['ann@example.com'] }],
};

const invitation = (to: string): JournalEmail => ({
	at: 0,
	to,
	name: to,
	kind: 'invitation',
	documentId: 'doc1',
});

const document = (status: StoredDocument['status'], id = 'doc1'): StoredDocument => ({
	id,
	organizationId: 'org',
	name: 'NDA',
	status,
	signingType: 'sequential',
	message: null,
	expiresAt: null,
	completedAt: null,
	createdAt: '',
	updatedAt: '',
	templateId: null,
	campaignId: null,
	bulkSendId: null,
	folderId: null,
	pdf: null,
	signedPdf: null,
	signers: [],
	fields: [],
});

const sent: Traces = {
	requests: [],
	invitations: [invitation('ann@example.com')],
	documents: [document('pending')],
	cancelled: false,
	items: [{ json: { id: 'doc1', status: 'pending' }, pairedItem: { item: 0 } }],
	warnings: '',
	everything: '',
	allPlayed: true,
};

const failed: Traces = { ...sent, invitations: [], documents: [], items: [], error: 'Refused' };

const verdict = (traces: Partial<Traces>, of: Traces = sent) =>
	judge(prepared, { ...of, ...traces }, KEY).map(({ wrong }) => wrong);

it('finds nothing wrong with a contract that went out or was refused', () => {
	expect(verdict({})).toEqual([]);
	expect(verdict({}, failed)).toEqual([]);
	expect(verdict({ cancelled: true, error: undefined }, failed)).toEqual([]);
});

it.each<[string, Partial<Traces>, string[]]>([
	[
		'somebody invited twice by two documents',
		{
			invitations: [
				invitation('ann@example.com'),
				{ ...invitation('ann@example.com'), documentId: 'doc2' },
			],
		},
		['DOUBLE'],
	],
	['a contract reported as sent that was not', { invitations: [], documents: [] }, ['UNTRUE']],
	['another document reported', { documents: [document('pending', 'doc2')] }, ['UNTRUE']],
	[
		'a stranger invited',
		{ invitations: [...sent.invitations, invitation('eve@x.test')] },
		['UNTRUE'],
	],
	['nothing told of what went out', { items: [] }, ['LOST']],
	[
		'nothing told when it was cancelled',
		{ items: [], cancelled: true, error: 'Stopped' },
		['LOST'],
	],
	['a failure that denies the mail', { items: [], error: '"NDA" was not sent' }, ['UNTRUE']],
	['a failure that does not mention it', { items: [], error: 'Bad Gateway' }, ['UNTRUE']],
	[
		'input items taken for output',
		{ items: [{ json: {}, pairedItem: { item: 0 } }], cancelled: true },
		['LOST'],
	],
	['a second draft', { documents: [document('pending'), document('draft', 'doc2')] }, ['ORPHAN']],
	['the key in the log', { everything: `Bearer ${KEY}` }, ['KEY']],
])('finds %s', (_, traces, expected) => {
	expect(verdict(traces)).toEqual(expected);
});

it.each<[string, Partial<Traces>]>([
	['an open question', { items: [], error: '"NDA" may or may not have been sent: no answer' }],
	[
		'a line of the log',
		{ items: [], cancelled: true, warnings: '"NDA" (doc1) may have been sent' },
	],
	[
		'an item that was done before another one failed',
		{ items: [], error: 'Refused\nDone before in this run: doc1.', errorItem: 1 },
	],
	[
		'a draft named by id',
		{
			documents: [document('pending'), document('draft', 'doc2')],
			warnings: 'Draft doc2 is still there',
		},
	],
])('accepts %s', (_, traces) => {
	expect(verdict(traces)).toEqual([]);
});
