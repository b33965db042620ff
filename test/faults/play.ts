import type { INode } from 'n8n-workflow';
import { ClientRequest } from 'node:http';
import { inspect } from 'node:util';

import type { Bench } from '../engine/insigner';
import { passTime } from '../engine/passingTime';
import type {
	Fault,
	FaultHandle,
	JournalEmail,
	JournalRequest,
	StoredDocument,
} from '../sandbox/sandbox';
import type { FaultKind } from './faultKinds';
import type { PreparedRun, Sending } from './sendings';

/** A fault at one request of a run. */
export interface Mishap {
	/** Which request, counted from 1 over all of the run. */
	readonly nth: number;
	readonly kind: FaultKind;
}

/** What a run left behind: in the service, and for the people in front of n8n. */
export interface Traces {
	readonly requests: readonly JournalRequest[];
	readonly invitations: readonly JournalEmail[];
	/** Documents of the organization. */
	readonly documents: readonly StoredDocument[];
	readonly cancelled: boolean;
	readonly items: ReadonlyArray<{ json: Record<string, unknown>; pairedItem?: unknown }>;
	/** Message and description of what stopped the node. */
	readonly error?: string;
	/** Index of the item that the error is about. */
	readonly errorItem?: number;
	/** Warnings and errors in n8n's log. */
	readonly warnings: string;
	/** All that n8n keeps or logs, to look for what must not be in it. */
	readonly everything: string;
	/** Whether every mishap came to pass. */
	readonly allPlayed: boolean;
}

/** Between two runs: the five minutes between two bulk sends, and any window of the rate limit. */
const BETWEEN_RUNS_MS = 301_000;

/**
 * Runs an operation once while the given things go wrong, in virtual time.
 *
 * @param bench - engine and sandbox; what earlier runs left in the store is removed
 * @param sending - the operation
 * @param prepare - makes the run's parameters and items
 * @param mishaps - what goes wrong
 * @param node - Retry On Fail and the like
 * @returns the run as it was prepared, and its traces
 */
export async function play(
	bench: Bench,
	sending: Sending,
	prepare: () => Promise<PreparedRun> | PreparedRun,
	mishaps: readonly Mishap[],
	node: Partial<INode> = {},
): Promise<{ prepared: PreparedRun; traces: Traces }> {
	const { engine, sandbox } = bench;
	await clearAway(bench);
	const prepared = await prepare();
	const logged = engine.logs.length;
	const execution = new AbortController();
	const time = passTime(sandbox);
	const rules = mishaps.map(({ nth, kind }) => ({
		kind,
		handle: sandbox.faults.add({
			match: {},
			nth,
			times: 1,
			when: kind.when,
			fault: kind.fault,
		}),
	}));
	const watch = watchArrivals(bench, rules, execution);
	try {
		const result = await bench.act(sending.resource, sending.operation, prepared.parameters, {
			items: prepared.items,
			node,
			signal: execution.signal,
		});
		// The service may still be at work when n8n has long ended.
		await watch.finish();
		const logs = engine.logs.slice(logged);
		const { items, error, run, status } = result;
		return {
			prepared,
			traces: {
				requests: [...sandbox.journal.requests],
				invitations: sandbox.journal.emails.filter(({ kind }) => kind === 'invitation'),
				documents: ownDocuments(bench),
				cancelled: status === 'canceled',
				items,
				...(error && {
					error: [error.message, error.description].filter(Boolean).join('\n'),
					errorItem: itemOf(error.context),
				}),
				warnings: logs
					.filter(({ level }) => level === 'warn' || level === 'error')
					.map(({ message }) => message)
					.join('\n'),
				everything: inspect([run.data.resultData, logs], { depth: null, maxArrayLength: null }),
				allPlayed: rules.every(({ handle }) => handle.hits > 0),
			},
		};
	} finally {
		watch.stop();
		time.restore();
	}
}

/** Errors carry the index of their item, among other things. */
function itemOf(context: unknown): number | undefined {
	if (typeof context !== 'object' || context === null || !('itemIndex' in context))
		return undefined;
	return typeof context.itemIndex === 'number' ? context.itemIndex : undefined;
}

function ownDocuments({ sandbox }: Bench): StoredDocument[] {
	const { documents, organizations } = sandbox.store;
	return documents.all().filter(({ organizationId }) => organizationId === organizations.own.id);
}

async function clearAway(bench: Bench): Promise<void> {
	const { sandbox } = bench;
	sandbox.faults.clear();
	for (const { id } of ownDocuments(bench)) sandbox.store.documents.delete(id);
	for (const { id } of sandbox.store.bulkSends.all()) sandbox.store.bulkSends.delete(id);
	await sandbox.clock.advance(BETWEEN_RUNS_MS);
	sandbox.journal.clear();
}

interface Rule {
	readonly kind: FaultKind;
	readonly handle: FaultHandle;
}

/** Looks out for requests on which a fault is played, and does what the fault means for the node's side. */
function watchArrivals(
	bench: Bench,
	rules: readonly Rule[],
	execution: AbortController,
): { finish(): Promise<void>; stop(): void } {
	const { sandbox } = bench;
	const pending = new Set(rules);
	const seen = new Set<JournalRequest>();
	let late: Array<{ at: number; entry: JournalRequest }> = [];
	let lateRequest: AbortController | undefined;
	let stopped = false;

	// The node's HTTP client sets its time-out with it, so a test can let it end without waiting for it.
	const timeouts = jest.spyOn(ClientRequest.prototype, 'setTimeout');
	const endWaiting = async (): Promise<void> => {
		// 0 takes a time-out away.
		const latest = timeouts.mock.calls.map(([timeoutMs]) => timeoutMs > 0).lastIndexOf(true);
		const request: unknown = timeouts.mock.contexts[latest];
		if (!(request instanceof ClientRequest)) throw new Error('No request is under way');
		await sandbox.clock.advance(timeouts.mock.calls[latest]?.[0] ?? 0);
		request.emit('timeout');
	};

	const cancel = async (entry: JournalRequest): Promise<void> => {
		execution.abort();
		// What goes on beyond a cancellation does not end with it, but it can take too long.
		await turns(50);
		if (!stopped && !entry.aborted && entry.fault === 'hang') await endWaiting();
	};

	const { clock } = sandbox;
	const advance = clock.advance.bind(clock);
	const passing = jest.spyOn(clock, 'advance').mockImplementation(async (ms) => {
		await advance(ms);
		await doLate(sandbox.clock.now());
	});
	const doLate = async (now: number): Promise<void> => {
		const due = late.filter(({ at }) => at <= now);
		late = late.filter(({ at }) => at > now);
		for (const { entry } of due) {
			lateRequest = new AbortController();
			// What goes wrong with it too is nobody's to see any more.
			await carryOut(bench, entry, lateRequest.signal).catch(() => undefined);
		}
	};

	const look = (): void => {
		if (stopped) return;
		for (const entry of sandbox.journal.requests) {
			if (entry.fault === undefined || seen.has(entry)) continue;
			seen.add(entry);
			const rule = [...pending].find(
				({ kind, handle }) => handle.hits > 0 && playedAs(kind.fault) === entry.fault,
			);
			if (!rule) continue;
			pending.delete(rule);
			const { then, doneAfterMs } = rule.kind;
			if (doneAfterMs !== undefined && entry.origin === 'api') {
				late.push({ at: sandbox.clock.now() + doneAfterMs, entry });
			}
			if (LATE_HEADER in entry.headers) lateRequest?.abort();
			else if (then === 'cancel') void cancel(entry);
			else if (then) void endWaiting();
		}
		setImmediate(look);
	};
	setImmediate(look);

	const stop = (): void => {
		stopped = true;
		timeouts.mockRestore();
		passing.mockRestore();
	};
	return {
		finish: async () => {
			await doLate(Number.POSITIVE_INFINITY);
			stop();
			// Held requests go on when the sandbox sees that nobody waits for them any more.
			await settled(sandbox.journal.requests);
		},
		stop,
	};
}

/** How the journal calls a fault. */
function playedAs(fault: Fault): JournalRequest['fault'] {
	return 'hangMs' in fault ? 'hang' : 'drop' in fault ? 'drop' : 'status';
}

/** Marks what the service does late, so that it is not taken for a request of the node. */
const LATE_HEADER = 'x-done-late';

/** The service does now what it was asked before. */
async function carryOut(
	{ sandbox }: Bench,
	{ method, path, query, body, headers }: JournalRequest,
	signal: AbortSignal,
): Promise<void> {
	const hasBody = typeof body === 'object' && body !== null;
	const answer = await fetch(`${sandbox.apiUrl}${path}?${new URLSearchParams(query).toString()}`, {
		method,
		signal,
		headers: {
			[LATE_HEADER]: 'yes',
			authorization: `Bearer ${sandbox.apiKey}`,
			...(hasBody && { 'content-type': headers['content-type'] ?? 'application/json' }),
		},
		...(hasBody && { body: JSON.stringify(body) }),
	});
	await answer.arrayBuffer();
}

/** Waits until no request is under way any more. */
async function settled(requests: readonly JournalRequest[]): Promise<void> {
	const isOpen = ({ status, aborted, fault }: JournalRequest): boolean =>
		status === undefined && !aborted && fault !== 'drop';
	for (let tries = 0; requests.some(isOpen) && tries < 1_000; tries++) await turns(1);
	// The effect of a request that was let go comes a few turns after its connection was closed.
	await turns(20);
}

/** Lets everything else have its turn so many times. */
async function turns(count: number): Promise<void> {
	for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
}
