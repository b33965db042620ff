import { plan } from '../../../nodes/InSigner/webhooks/plan';
import type { Stored } from '../../../nodes/InSigner/trigger/storage';

const url = 'https://n8n.example.com/webhook/1/webhook';
const desired = {
	url,
	events: ['document.completed' as const, 'signer.completed' as const],
	workflowId: 'w1',
};
const held: Stored = { webhookId: 'wh_1', secret: 's' };

type Actual = Parameters<typeof plan>[2];

const ofWorkflow = (id: string) => `n8n: workflow "Sales (2)" (${id})`;

const registered = (change: Partial<Actual[number]> = {}): Actual[number] => ({
	id: 'wh_1',
	url,
	events: '["signer.completed","document.completed"]',
	status: 'active',
	...change,
});

describe('plan', () => {
	it.each<[string, Stored, Actual, ReturnType<typeof plan>]>([
		['nothing there', {}, [], [{ do: 'create' }]],
		['everything as it should be, events as text', held, [registered()], []],
		[
			'everything as it should be, events as a list',
			held,
			[registered({ events: desired.events })],
			[],
		],
		[
			'events drifted',
			held,
			[registered({ events: '["document.completed"]' })],
			[{ do: 'update', id: 'wh_1', changes: { events: desired.events } }],
		],
		[
			'events unreadable',
			held,
			[registered({ events: 'x' })],
			[{ do: 'update', id: 'wh_1', changes: { events: desired.events } }],
		],
		[
			'switched off by the service',
			held,
			[registered({ status: 'inactive' })],
			[{ do: 'update', id: 'wh_1', changes: { status: 'active' } }],
		],
		[
			'the stored id is at another address: this n8n moved, or is a copy of one that is still there',
			held,
			[registered({ url: 'https://old.example.com/' })],
			[{ do: 'create' }],
		],
		[
			'the stored id is at another address, and ours is held by another',
			held,
			[registered({ url: 'https://old.example.com/' }), registered({ id: 'wh_2' })],
			[{ do: 'delete', id: 'wh_2' }, { do: 'create' }],
		],
		[
			'the address in another spelling',
			held,
			[registered({ url: url.replace('n8n.example.com', 'N8N.example.com:443') })],
			[],
		],
		['it says that it is ours', held, [registered({ description: ofWorkflow('w1') })], []],
		['it does not mention n8n', held, [registered({ description: 'Production (EU)' })], []],
		['it says nothing at all', held, [registered({ description: null })], []],
		[
			'it names another workflow, whose static data was copied',
			held,
			[registered({ description: ofWorkflow('w2') })],
			[{ do: 'delete', id: 'wh_1' }, { do: 'create' }],
		],
		[
			'the secret is lost',
			{ webhookId: 'wh_1' },
			[registered()],
			[{ do: 'delete', id: 'wh_1' }, { do: 'create' }],
		],
		['static data is lost', {}, [registered()], [{ do: 'delete', id: 'wh_1' }, { do: 'create' }]],
		['the webhook is gone', held, [], [{ do: 'create' }]],
		[
			'the same URL twice',
			held,
			[registered(), registered({ id: 'wh_2' })],
			[{ do: 'delete', id: 'wh_2' }],
		],
		[
			'the same URL twice, the other switched off',
			held,
			[registered(), registered({ id: 'wh_2', status: 'inactive' })],
			[],
		],
		[
			'the id is stale and the URL is held by another webhook',
			{ webhookId: 'wh_0', secret: 's' },
			[registered()],
			[{ do: 'delete', id: 'wh_1' }, { do: 'create' }],
		],
		[
			'events drifted and switched off at once',
			held,
			[registered({ events: '[]', status: 'inactive' })],
			[{ do: 'update', id: 'wh_1', changes: { events: desired.events, status: 'active' } }],
		],
		[
			'the secret is lost and the URL is held twice',
			{},
			[registered(), registered({ id: 'wh_2', status: 'inactive' })],
			[{ do: 'delete', id: 'wh_1' }, { do: 'delete', id: 'wh_2' }, { do: 'create' }],
		],
		[
			'a status that is not known yet',
			held,
			[registered({ status: 'paused' as 'inactive' })],
			[{ do: 'update', id: 'wh_1', changes: { status: 'active' } }],
		],
		[
			'webhooks of others are left alone',
			held,
			[registered({ id: 'wh_9', url: 'https://crm.example.com/' }), registered()],
			[],
		],
	])('%s', (_, stored, actual, steps) => {
		expect(plan(desired, stored, actual)).toEqual(steps);
	});
});
