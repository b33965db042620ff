import { plan } from '../../../nodes/InSigner/trigger/registration';
import type { Stored } from '../../../nodes/InSigner/trigger/storage';

const url = 'https://n8n.example.com/webhook/1/webhook';
const desired = { url, events: ['document.completed' as const, 'signer.completed' as const] };
const held: Stored = { webhookId: 'wh_1', secret: 's' };

type Actual = Parameters<typeof plan>[2];

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
		['all as it should be, events as text', held, [registered()], []],
		['all as it should be, events as a list', held, [registered({ events: desired.events })], []],
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
			'the address of this n8n changed',
			held,
			[registered({ url: 'https://old.example.com/' })],
			[{ do: 'update', id: 'wh_1', changes: { url } }],
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
			'events drifted, switched off and moved at once',
			held,
			[registered({ events: '[]', status: 'inactive', url: 'https://old.example.com/' })],
			[
				{
					do: 'update',
					id: 'wh_1',
					changes: { url, events: desired.events, status: 'active' },
				},
			],
		],
		[
			'the secret is lost and the URL is held twice',
			{},
			[registered(), registered({ id: 'wh_2', status: 'inactive' })],
			[{ do: 'delete', id: 'wh_1' }, { do: 'delete', id: 'wh_2' }, { do: 'create' }],
		],
		[
			'a status nobody knows yet',
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
