import { randomBytes } from 'crypto';
import type { INodeExecutionData, IPollFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { clock } from '../api/clock';
import type { Pacer } from '../api/rateLimit';
import { destinationOf } from '../api/request';
import { readSettings } from '../events/settings';
import { allowanceOf } from './allowance';
import { ofSameOrganization } from './identity';
import { endedIn } from './observe';
import { isWanted, itemOf } from './output';
import { bulkSends, documents, type Means } from './reading';
import { goRound } from './round';
import { decode, encode, NOTHING_KNOWN, type Watch } from './snapshot';

/**
 * The most documents that are watched. n8n keeps what is known about them in the workflow's row, about 45 bytes each,
 * and reads it with every execution: 20,000 are about 1 MB.
 */
export const MAX_WATCHED = 20_000;

/** How much of n8n's time limit for a poll is used; the rest is left for a late answer. */
const SHARE_OF_TIME = 0.6;

/** The time limit for a poll in versions of n8n without getPollBudgetMs(). */
const DEFAULT_BUDGET_MS = 300_000;

/** Identifies the process that emitted events, so that a restart can be recognized. Tests replace it. */
export const thisProcess = { id: randomBytes(6).toString('base64url') };

/** Polls under way: n8n starts the next one even if the last one has not finished. */
const underWay = new Set<string>();

/** Contexts that polled before. n8n waits for the first poll of each before it considers a workflow published. */
const polledBefore = new WeakSet<IPollFunctions>();

/**
 * One poll. What is remembered is only changed at the end, so a poll that throws changes nothing.
 *
 * n8n 2.41 saves what is remembered after the first poll of a process and when a poll returns items, and only then.
 * Not saving the other polls loses nothing: what was saved is older, and everything since then follows from it again.
 * The one exception is a starting point that takes several polls: its completion must be saved.
 *
 * @param ctx - n8n's poll context
 * @returns one item per event; null if nothing happened; no items if n8n must save anyway
 * @throws NodeOperationError without events or for more documents than can be watched; InSignerApiError as request()
 */
export async function poll(ctx: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	const key = `${ctx.getWorkflow().id} ${ctx.getNode().id}`;
	const isFirst = !polledBefore.has(ctx);
	polledBefore.add(ctx);
	if (underWay.has(key)) return null;
	underWay.add(key);
	try {
		return await pollOnce(anew(ctx), isFirst);
	} finally {
		underWay.delete(key);
	}
}

/**
 * A separate context for each poll. n8n's lives as long as the workflow is published, and what is read once per
 * context, such as the key, may change in the meantime.
 */
function anew(ctx: IPollFunctions): IPollFunctions {
	return new Proxy(ctx, {});
}

async function pollOnce(
	ctx: IPollFunctions,
	isFirst: boolean,
): Promise<INodeExecutionData[][] | null> {
	const settings = readSettings(ctx);
	const wantsAny = (prefix: string) => settings.events.some((name) => name.startsWith(prefix));
	if (settings.events.length === 0) {
		throw new NodeOperationError(ctx.getNode(), 'No event is chosen', {
			description: 'Choose in Trigger On what starts the workflow.',
		});
	}
	const subjects = {
		...(wantsAny('bulk_send.') && { bulkSends: bulkSends(ctx) }),
		...((wantsAny('document.') || wantsAny('signer.')) && { documents: documents(ctx) }),
	};
	const stored = ctx.getWorkflowStaticData('node');
	const { pacer } = await destinationOf(ctx);
	const before = await ofSameOrganization(ctx, decode(stored), pacer.id, subjects, isFirst);
	const { wanted, next, mustSave } = await goRound(
		before,
		subjects,
		meansOf(ctx, wantsAny('signer.'), pacer, isFirst),
		(transition) => isWanted(settings, transition),
		thisProcess.id,
	);
	if ((await destinationOf(anew(ctx))).pacer.id !== pacer.id) {
		ctx.logger.warn(
			`${ctx.getNode().name}: the API key was changed during this poll, so nothing of it counts, and the next poll begins where this one did`,
		);
		return null;
	}
	for (const name of ['documents', 'bulkSends'] as const) {
		const watch = next[name];
		if (!watch) continue;
		if (watch.known.size - endedIn(watch) > MAX_WATCHED) throw tooMany(ctx, name);
		if ((before[name] ?? NOTHING_KNOWN).starting) tellStart(ctx, name, watch);
	}
	// Only here, where nothing can fail after it.
	for (const name of Object.keys(stored)) delete stored[name];
	const { owner, organization } = before;
	Object.assign(stored, encode({ ...next, owner, organization }));
	// n8n saves after the first poll of a process, whatever it returns. Otherwise an execution without items, which
	// ends at the trigger, makes n8n save.
	return wanted.length > 0 || (mustSave && !isFirst) ? [wanted.map(itemOf)] : null;
}

const NAMES = { documents: 'documents', bulkSends: 'bulk sends' } as const;

function meansOf(ctx: IPollFunctions, signers: boolean, pacer: Pacer, isFirst: boolean): Means {
	const allowance = allowanceOf(pacer);
	const startedAt = clock.now();
	const budgetMs = 'getPollBudgetMs' in ctx ? ctx.getPollBudgetMs() : DEFAULT_BUDGET_MS;
	const end = startedAt + budgetMs * SHARE_OF_TIME;
	const deadline = isFirst ? startedAt : end;
	return {
		signers,
		take: async () => clock.now() < end && (await allowance.take(deadline)),
		onUnreadable: (id, { message }) =>
			ctx.logger.warn(
				`${ctx.getNode().name}: ${id} could not be read and is left for the next poll: ${message}`,
			),
	};
}

function tellStart(ctx: IPollFunctions, name: keyof typeof NAMES, watch: Watch): void {
	const { starting, known, latest } = watch;
	const open = known.size - endedIn(watch);
	const from = `${ctx.getNode().name}: `;
	if (starting) {
		ctx.logger.info(
			`${from}the starting point is not complete, the next poll reads more ${NAMES[name]}`,
		);
		return;
	}
	const last = latest > 0 ? `, the last change at ${new Date(latest).toISOString()}` : '';
	ctx.logger.info(
		`${from}starting point taken: ${open} open ${NAMES[name]}${last}. What happens from now on starts the workflow`,
	);
}

function tooMany(ctx: IPollFunctions, name: keyof typeof NAMES): Error {
	return new NodeOperationError(
		ctx.getNode(),
		`There are more than ${MAX_WATCHED.toLocaleString('en')} open ${NAMES[name]} to watch`,
		{
			description:
				'Use inSigner Trigger, which has no such limit, or delete drafts and cancel documents that no one is going to sign. Nothing was changed, so no event is lost in the meantime.',
		},
	);
}
