import type { EndpointName } from '../../nodes/InSigner/api/endpoint';
import { NO_SUCH_ID } from './belongings';
import { nameOf } from './differences';
import {
	idOf,
	isItem,
	isSuccess,
	itemOf,
	itemsOf,
	mediaTypeOf,
	statusOf,
	wordsOf,
	type Answer,
	type Item,
} from './exchange';
import { presenceOf, type Calibration } from './probing';
import { lookAtShape } from './shape';
import { CannotGoOn, noteMeta, step, type Run } from './run';

/** What the account has that later steps can use. */
export interface Existing {
	readonly templates: Item[];
}

/** The paged lists of the API. */
const LISTS = [
	'listDocuments',
	'listTemplates',
	'listCampaigns',
	'listBulkSends',
	'listWebhooks',
] as const;

/** How much a list returns if no limit is given (getting-started/pagination). */
const DEFAULT_LIMIT = 25;

/** The key was refused, or nothing answers the way inSigner would. */
export class CannotStart extends Error {}

/**
 * Everything that can be learned without changing anything: every GET that the key may make, errors, and whether
 * undocumented endpoints exist, asked with an id that cannot exist.
 *
 * @param run - the run
 * @returns what the account has
 * @throws CannotStart if the key is refused
 */
export async function readOnly(run: Run): Promise<Existing> {
	run.say('Organization');
	run.client.step = 'Organization';
	const organization = await run.client.call('getOrganization');
	if (organization.status === 401) {
		throw new CannotStart('The service refused the key (401). Is it complete, and still valid?');
	}
	if (!isItem(organization.body)) {
		throw new CannotStart(
			`This does not look like the API: GET /org answered ${wordsOf(organization)} and no JSON object.`,
		);
	}
	noteMeta(run, 'listMembers', await run.client.call('listMembers'));

	const listed = new Map<EndpointName, Item[]>();
	for (const endpoint of LISTS) {
		await step(run, `List: ${nameOf(endpoint)}`, async () => {
			listed.set(endpoint, await readList(run, endpoint));
		});
	}
	const of = (endpoint: EndpointName): Item[] => listed.get(endpoint) ?? [];
	await step(run, 'One of each', async () => {
		await readDocuments(run, of('listDocuments'));
		await readOthers(run, of);
	});
	await step(run, 'Errors', async () => await provokeErrors(run), [22]);
	await step(run, 'Undocumented endpoints, with an id that cannot exist', async () => {
		await probe(run);
	});
	return { templates: of('listTemplates') };
}

/** The list with its defaults, then two pages of one. */
async function readList(run: Run, endpoint: (typeof LISTS)[number]): Promise<Item[]> {
	const whole = await run.client.call(endpoint);
	if (!isSuccess(whole)) {
		const why = `The key may not read it: ${nameOf(endpoint)} answered ${wordsOf(whole)}.`;
		if (endpoint === 'listCampaigns') for (const row of [16]) run.seen.why.set(row, why);
		run.seen.remarks.add(why);
		return [];
	}
	const items = itemsOf(whole);
	const where = nameOf(endpoint);
	if (items.length < DEFAULT_LIMIT && metaOf(whole).hasMore === true) {
		run.differ(where, `says hasMore after ${items.length} items, with a limit of ${DEFAULT_LIMIT}`);
	}
	const first = await run.client.call(endpoint, { query: { limit: 1 } });
	const [one, ...more] = itemsOf(first);
	if (more.length > 0) run.differ(where, `gives ${more.length + 1} items with limit=1`);
	const { hasMore, nextCursor } = metaOf(first);
	if (items.length > 1 && hasMore !== true) {
		run.differ(where, 'does not say hasMore on the first of several pages');
	}
	if (!one || items.length < 2 || typeof nextCursor !== 'string') return items;
	const second = await run.client.call(endpoint, { query: { limit: 1, cursor: nextCursor } });
	const [other] = itemsOf(second);
	if (!other) run.differ(where, 'has nothing on its second page');
	else if (idOf(other) === idOf(one)) run.differ(where, 'repeats the first page as the second');
	return items;
}

function metaOf({ body }: Answer): Item {
	return isItem(body) && isItem(body.meta) ? body.meta : {};
}

/** One document read on its own, with its lists, and what only finished ones show. */
async function readDocuments(run: Run, documents: Item[]): Promise<void> {
	const ended = async (status: 'completed' | 'declined'): Promise<string | undefined> => {
		const answer = await run.client.call('listDocuments', { query: { status, limit: 1 } });
		const [found] = itemsOf(answer);
		if (found && statusOf(found) !== status) {
			run.differ(nameOf('listDocuments'), `gives ${statusOf(found)} ones for status=${status}`);
			return undefined;
		}
		return found && idOf(found);
	};
	const completed = await ended('completed');
	const declined = await ended('declined');
	const pending = documents.find((item) => statusOf(item) === 'pending') ?? documents[0];
	const chosen = new Set([pending && idOf(pending), completed, declined]);
	for (const documentId of chosen) {
		if (documentId === undefined) continue;
		const path = { documentId };
		lookAtShape(run, await run.client.call('getDocument', { path }));
		const signers = await run.client.call('listSigners', { path });
		for (const signer of itemsOf(signers)) run.seen.signerStatuses.add(statusOf(signer));
		noteMeta(run, 'listSigners', signers);
		noteMeta(run, 'listFields', await run.client.call('listFields', { path }));
	}
	if (completed === undefined) return;
	const answer = await run.client.call('downloadDocument', { path: { documentId: completed } });
	run.seen.download = { form: downloadFormOf(answer), words: wordsOf(answer) };
}

function downloadFormOf(answer: Answer): NonNullable<Run['seen']['download']>['form'] {
	if (answer.status >= 300 && answer.status < 400) return 'redirect';
	if (answer.body === '%PDF-' || mediaTypeOf(answer) === 'application/pdf') return 'bytes';
	const item = itemOf(answer);
	const address = item.downloadUrl ?? item.url ?? item.signedUrl;
	return isSuccess(answer) && typeof address === 'string' ? 'json' : 'other';
}

/** One of everything else that can be read on its own. */
async function readOthers(run: Run, of: (endpoint: EndpointName) => Item[]): Promise<void> {
	const first = (endpoint: EndpointName): string | undefined => {
		const [item] = of(endpoint);
		return item && idOf(item);
	};
	const templateId = first('listTemplates');
	if (templateId !== undefined) await run.client.call('getTemplate', { path: { templateId } });
	const bulkSendId = first('listBulkSends');
	if (bulkSendId !== undefined) await run.client.call('getBulkSend', { path: { bulkSendId } });
	const webhookId = first('listWebhooks');
	if (webhookId !== undefined) {
		const webhook = await run.client.call('getWebhook', { path: { webhookId } });
		if ('secret' in itemOf(webhook)) run.differ(nameOf('getWebhook'), 'shows the secret');
	}
	const campaignId = first('listCampaigns');
	if (campaignId === undefined) return;
	const campaign = await run.client.call('getCampaign', { path: { campaignId } });
	const missing = campaign.status === 404 || campaign.status === 405;
	run.seen.endpoints.set('getCampaign', {
		is: missing ? 'absent' : isSuccess(campaign) ? 'there' : 'unclear',
		by: 'use',
		words: wordsOf(campaign),
	});
	if (isSuccess(campaign)) run.seen.effects.set('getCampaign', { done: true, words: '200' });
	lookForUrls(run, isSuccess(campaign) ? itemOf(campaign) : (of('listCampaigns')[0] ?? {}));
}

/** Addresses in a campaign that lead to its page. */
function lookForUrls(run: Run, campaign: Item): void {
	const { slug } = campaign;
	const keys = Object.entries(campaign).flatMap(([key, value]) =>
		typeof value === 'string' &&
		/^https?:/.test(value) &&
		key !== 'redirectUrl' &&
		(/url|link/i.test(key) || (typeof slug === 'string' && value.includes(slug)))
			? [key]
			: [],
	);
	const isKnown = (key: string): boolean => key === 'url' || key === 'publicUrl';
	run.seen.campaignUrls = {
		known: keys.filter(isKnown),
		others: keys.filter((key) => !isKnown(key)),
	};
}

/**
 * Errors that change nothing: a key that belongs to no one, an unknown id, an invalid limit, and half a JSON text.
 */
async function provokeErrors(run: Run): Promise<void> {
	const expectStatus = (answer: Answer, statuses: number[], what: string): void => {
		if (!statuses.includes(answer.status)) {
			run.differ('Errors', `${what} is answered with ${wordsOf(answer)}`);
		}
	};
	const wrongKey = await run.client.call('listDocuments', { query: { limit: 1 }, key: 'wrong' });
	expectStatus(wrongKey, [401], 'A key of no one');
	const unknown = await run.client.call('getDocument', { path: { documentId: NO_SUCH_ID } });
	expectStatus(unknown, [404, 403], 'An unknown id');
	const limit = await run.client.call('listDocuments', { query: { limit: 0 } });
	if (isSuccess(limit)) run.seen.remarks.add('limit=0 is not refused.');
	// There is no such document, and this would not add anyone to one.
	const half = await run.client.call('addSigner', {
		path: { documentId: NO_SUCH_ID },
		rawBody: '{"email":',
	});
	for (const { status, ...answer } of [limit, half]) {
		if (status !== 400) continue;
		const body = isItem(answer.body) ? answer.body : {};
		const type = typeof body.type === 'string' ? body.type.split('/').pop() : undefined;
		run.seen.errorTypes.push({ status, type });
	}
	if (half.status !== 400) {
		run.seen.why.set(22, `Half a JSON text is answered with ${wordsOf(half)} instead of 400.`);
	}
}

/** Asks each undocumented endpoint once, for something that cannot exist: nothing is carried out. */
async function probe(run: Run): Promise<void> {
	const { client, seen } = run;
	const documentId = NO_SUCH_ID;
	const calibration: Calibration = {
		noObject: await client.call('getDocument', { path: { documentId } }),
		noEndpoint: await client.callUnknownPath(),
	};
	if (calibration.noObject.status === 403) {
		throw new CannotGoOn('the key may not read documents, so a missing one cannot be told');
	}
	const signer = { documentId, signerId: NO_SUCH_ID };
	const field = { documentId, fieldId: NO_SUCH_ID };
	const campaign = { campaignId: NO_SUCH_ID };
	const probes = {
		updateDocument: () =>
			client.call('updateDocument', { path: { documentId }, body: { name: run.name } }),
		deleteDocument: () => client.call('deleteDocument', { path: { documentId } }),
		remindDocument: () => client.call('remindDocument', { path: { documentId } }),
		cancelDocument: () => client.call('cancelDocument', { path: { documentId } }),
		downloadDocument: () => client.call('downloadDocument', { path: { documentId } }),
		updateSigner: () => client.call('updateSigner', { path: signer, body: { name: run.name } }),
		removeSigner: () => client.call('removeSigner', { path: signer }),
		updateField: () => client.call('updateField', { path: field, body: { label: run.name } }),
		removeField: () => client.call('removeField', { path: field }),
		getCampaign: () => client.call('getCampaign', { path: campaign }),
		updateCampaign: () =>
			client.call('updateCampaign', { path: campaign, body: { status: 'paused' } }),
		deleteCampaign: () => client.call('deleteCampaign', { path: campaign }),
		deleteBulkSend: () => client.call('deleteBulkSend', { path: { bulkSendId: NO_SUCH_ID } }),
		deleteWebhook: () => client.call('deleteWebhook', { path: { webhookId: NO_SUCH_ID } }),
	} satisfies Partial<Record<EndpointName, () => Promise<Answer>>>;
	for (const [name, ask] of Object.entries(probes)) {
		const endpoint = name as keyof typeof probes;
		if (seen.endpoints.get(endpoint)?.by === 'use') continue;
		seen.endpoints.set(endpoint, presenceOf(await ask(), calibration));
	}
	const use = await client.call('useTemplate', {
		path: { templateId: NO_SUCH_ID },
		body: { name: run.name },
	});
	if (use.status === 403) seen.useForbidden = { words: wordsOf(use), mayCreate: false };
}
