import type { INode, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { randomUUID } from 'node:crypto';
import { ClientRequest } from 'node:http';

import { ACTION, type Bench } from '../engine/insigner';
import { passTime } from '../engine/passingTime';
import { FORM_NAMES, type FormName } from '../sandbox/sandbox';
import type { FaultHandle, JournalEmail, JournalRequest, StoredDocument } from '../sandbox/sandbox';
import { ruleFor, type AnswerKind, type Moment, type Step } from './answers';
import type { PreparedRun, Sending } from './sendings';

/** What goes wrong at one request of a run. */
export interface Mishap {
	/** Which request, counted from 1 over the whole run, or the first ones of an operation. */
	readonly at: number | { readonly operation: string };
	readonly answer: AnswerKind;
	readonly moment: Moment;
}

/** The circumstances under which a sending is run. */
export interface Circumstances {
	readonly mishaps: readonly Mishap[];
	/** Retry On Fail, with three tries. */
	readonly retry: boolean;
	readonly keepDraft: boolean;
	/** Continue On Fail. */
	readonly goOn: boolean;
	readonly count: number;
	readonly forms: readonly FormName[];
	/** How far reads lag, in ms. */
	readonly lagMs: number;
	/** Sent once for a key, and run again with this key when nothing goes wrong any longer. */
	readonly sendOnceFor?: string;
	/** How long files are processed, and the status with which sending is refused meanwhile. */
	readonly processing?: { readonly ms: number; readonly status: 409 | 422 };
}

/** Nothing goes wrong. */
export const FAIR: Circumstances = {
	mishaps: [],
	retry: false,
	keepDraft: false,
	goOn: false,
	count: 1,
	forms: [],
	lagMs: 0,
};

/** What a run left behind: in the service, and for the people using n8n. */
export interface Traces {
	readonly requests: readonly JournalRequest[];
	/** The emails people got from the sending, once everything late has arrived. */
	readonly emails: readonly JournalEmail[];
	/** Documents of the organization, likewise. */
	readonly documents: readonly StoredDocument[];
	readonly cancelled: boolean;
	readonly items: ReadonlyArray<{ json: Record<string, unknown>; pairedItem?: unknown }>;
	/** What the second execution with the same key showed. */
	readonly again?: Pick<Traces, 'items' | 'error'>;
	/** What stopped the node; a model sees only the message. */
	readonly error?: {
		readonly message: string;
		readonly description?: string;
		/** Index of the item it is about. */
		readonly item?: number;
	};
	/** Warnings and errors in n8n's log. */
	readonly warnings: string;
	/** Whether the key is in what n8n keeps or logs. */
	readonly keyShown: boolean;
	/** Whether every mishap actually happened. */
	readonly allPlayed: boolean;
}

/** The steps of a run. */
export function stepsOf({ requests }: Traces): Step[] {
	return requests.map(stepOf);
}

/** What a request was for. */
export function stepOf({ operationId, method, origin, path }: JournalRequest): Step {
	const operation = operationId ?? (origin === 'storage' ? 'upload' : path);
	return { operation, method };
}

/** Time between two runs: covers the five minutes between two bulk sends, and any window of the rate limit. */
const BETWEEN_RUNS_MS = 301_000;

/** After this everything late has arrived. */
const LATEST_MS = 300_000;

/** n8n treats 0 as "not given" and waits a second. */
const RETRY: Partial<INode> = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };

/**
 * Runs an operation once under the circumstances, in virtual time, until everything late has arrived.
 *
 * @param bench - engine and sandbox; what earlier runs left in the store is removed
 * @param tag - makes names and addresses unique
 * @returns the run as it was prepared, and its traces
 */
export async function play(
	bench: Bench,
	sending: Sending,
	tag: string,
	circumstances: Circumstances,
): Promise<{ prepared: PreparedRun; traces: Traces }> {
	const { engine, sandbox } = bench;
	const { mishaps, count, keepDraft } = circumstances;
	await clearAway(bench);
	const prepared = withKey(await sending.prepare(bench, { tag, count, keepDraft }), circumstances);
	setScene(bench, circumstances);
	const logged = engine.logs.length;
	const execution = new AbortController();
	const time = passTime(sandbox);
	const waiting = watchWaiting(bench, execution);
	const handles = mishaps.map((mishap) => addRule(bench, mishap, waiting));
	try {
		const shown = await act(bench, sending, prepared, circumstances, execution.signal);
		let again: Shown | undefined;
		if (circumstances.sendOnceFor !== undefined) {
			// Before what comes late has come.
			await settled(sandbox.journal);
			undoScene(bench);
			again = await act(bench, sending, prepared, FAIR, new AbortController().signal);
		}
		await settled(sandbox.journal);
		await sandbox.clock.advance(LATEST_MS);
		await settled(sandbox.journal);
		const logs = engine.logs.slice(logged);
		return {
			prepared,
			traces: {
				...readable(bench, shown),
				...(again && { again: readable(bench, again) }),
				requests: [...sandbox.journal.requests],
				emails: sandbox.journal.emails.filter(({ kind }) => kind === sending.emails),
				documents: ownDocuments(bench),
				warnings: sandbox.ids.restoreText(
					logs
						.filter(({ level }) => level === 'warn' || level === 'error')
						.map(({ message }) => message)
						.join('\n'),
				),
				keyShown: contains([shown.kept, logs], sandbox.apiKey),
				allPlayed: handles.every(({ hits }) => hits > 0),
			},
		};
	} finally {
		waiting.stop();
		time.restore();
	}
}

function ownDocuments({ sandbox }: Bench): StoredDocument[] {
	const { documents, organizations } = sandbox.store;
	return documents.all().filter(({ organizationId }) => organizationId === organizations.own.id);
}

async function clearAway(bench: Bench): Promise<void> {
	const { sandbox } = bench;
	undoScene(bench);
	for (const { id } of ownDocuments(bench)) sandbox.store.documents.delete(id);
	for (const { id } of sandbox.store.bulkSends.all()) sandbox.store.bulkSends.delete(id);
	await sandbox.clock.advance(BETWEEN_RUNS_MS);
	sandbox.journal.clear();
}

function undoScene({ sandbox }: Bench): void {
	sandbox.faults.clear();
	sandbox.lagReads(0);
	sandbox.processFiles(0);
	for (const name of FORM_NAMES) sandbox.forms[name] = false;
}

function setScene(bench: Bench, { forms, lagMs, processing }: Circumstances): void {
	const { sandbox } = bench;
	for (const name of forms) sandbox.forms[name] = true;
	if (processing) {
		const drafts = ownDocuments(bench).filter(({ status }) => status === 'draft');
		sandbox.processFiles(processing.ms, processing.status, drafts);
	}
	sandbox.lagReads(lagMs);
}

function withKey(prepared: PreparedRun, { sendOnceFor }: Circumstances): PreparedRun {
	if (sendOnceFor === undefined) return prepared;
	const options = { ...(prepared.parameters.options as INodeParameters | undefined), sendOnceFor };
	return { ...prepared, parameters: { ...prepared.parameters, options } };
}

function addRule(bench: Bench, mishap: Mishap, waiting: Waiting): FaultHandle {
	const { at, answer, moment } = mishap;
	const isOperation = typeof at === 'object' && at.operation !== 'upload';
	return bench.sandbox.faults.add({
		match:
			typeof at === 'number'
				? {}
				: isOperation
					? { operationId: at.operation }
					: { origin: 'storage' },
		nth: typeof at === 'number' ? at : 1,
		times: 1,
		...ruleFor(answer, moment),
		onPlay: (entry) => {
			if (answer.then === 'cancel') void waiting.cancel(entry);
			else if (answer.then) void waiting.end();
		},
	});
}

/** What n8n shows about a run. */
interface Shown {
	readonly items: readonly INodeExecutionData[];
	readonly error?: Traces['error'];
	readonly cancelled: boolean;
	/** Everything that n8n keeps. */
	readonly kept: unknown;
}

async function act(
	bench: Bench,
	sending: Sending,
	{ parameters, items }: PreparedRun,
	{ retry, goOn }: Circumstances,
	signal: AbortSignal,
): Promise<Shown> {
	const node: Partial<INode> = {
		...(retry && RETRY),
		...(goOn && { onError: 'continueRegularOutput' as const }),
	};
	if (sending.asTool) return await actAsTool(bench, sending, parameters, node);
	const result = await bench.act(sending.resource, sending.operation, parameters, {
		items,
		node,
		signal,
	});
	const { error } = result;
	return {
		items: result.items,
		cancelled: result.status === 'canceled',
		kept: result.run.data.resultData,
		...(error && {
			error: {
				message: error.message,
				description: error.description ?? undefined,
				item: itemOf(error.context),
			},
		}),
	};
}

async function actAsTool(
	{ engine, credentials }: Bench,
	{ resource, operation }: Sending,
	parameters: PreparedRun['parameters'],
	node: Partial<INode>,
): Promise<Shown> {
	const call = engine.tool(
		ACTION,
		{ resource, operation, ...parameters },
		{ credentials, node, executionId: randomUUID() },
	);
	return await call({}).then(
		(answer) => ({ items: toItems(answer), cancelled: false, kept: answer }),
		(error: unknown) => {
			// n8n adds the description in some places and not in others: the message has to suffice.
			const message = (error instanceof Error ? error.message : String(error)).split(
				'\n\nDetails: ',
			)[0];
			return {
				items: [],
				cancelled: false,
				kept: error,
				error: { message: message ?? '', item: 0 },
			};
		},
	);
}

/** What a tool answers: the items as JSON. */
function toItems(answer: string): INodeExecutionData[] {
	const parsed: unknown = JSON.parse(answer);
	return [parsed].flat().map((json) => ({
		json: typeof json === 'object' && json !== null ? { ...json } : { answer: String(json) },
		pairedItem: { item: 0 },
	}));
}

/** Errors carry the index of their item, among other things. */
function itemOf(context: unknown): number | undefined {
	if (typeof context !== 'object' || context === null || !('itemIndex' in context))
		return undefined;
	return typeof context.itemIndex === 'number' ? context.itemIndex : undefined;
}

/** With ids as the store has them, if the service shows them as numbers. */
function readable(
	{ sandbox: { ids } }: Bench,
	{ items, error, cancelled }: Shown,
): Pick<Traces, 'items' | 'error' | 'cancelled'> {
	const restored = (json: object): Record<string, unknown> =>
		Object.fromEntries(
			Object.entries(json).map(([key, value]: [string, unknown]) => [
				key,
				typeof value === 'string' && key !== 'id' ? ids.restoreText(value) : ids.restore(value),
			]),
		);
	return {
		cancelled,
		items: items.map(({ json, pairedItem }) => ({ json: restored(json), pairedItem })),
		...(error && {
			error: {
				...error,
				message: ids.restoreText(error.message),
				...(error.description !== undefined && {
					description: ids.restoreText(error.description),
				}),
			},
		}),
	};
}

/** What ends the node's wait for an answer. */
interface Waiting {
	/** Ends the current request as its timeout does. */
	end(): Promise<void>;
	/** Cancels the execution, and ends what continues beyond it. */
	cancel(entry: JournalRequest): Promise<void>;
	stop(): void;
}

function watchWaiting({ sandbox }: Bench, execution: AbortController): Waiting {
	let stopped = false;
	// The node's HTTP client sets its timeout with it, so a test can end it without waiting.
	const timeouts = jest.spyOn(ClientRequest.prototype, 'setTimeout');
	const end = async (): Promise<void> => {
		// 0 removes a timeout.
		const latest = timeouts.mock.calls.map(([timeoutMs]) => timeoutMs > 0).lastIndexOf(true);
		const request: unknown = timeouts.mock.contexts[latest];
		if (!(request instanceof ClientRequest)) throw new Error('No request is under way');
		await sandbox.clock.advance(timeouts.mock.calls[latest]?.[0] ?? 0);
		request.emit('timeout');
	};
	return {
		end,
		cancel: async (entry) => {
			execution.abort();
			// What continues beyond a cancellation does not end with it, but it can take too long.
			await turns(50);
			if (!stopped && !entry.aborted && entry.fault === 'hang') await end();
		},
		stop: () => {
			stopped = true;
			timeouts.mockRestore();
		},
	};
}

/** Waits until no request is under way. */
async function settled(journal: { requests: readonly JournalRequest[] }): Promise<void> {
	const isOpen = ({ status, aborted, fault }: JournalRequest): boolean =>
		status === undefined && !aborted && fault !== 'drop' && fault !== 'brokenOff';
	for (let tries = 0; journal.requests.some(isOpen) && tries < 1_000; tries++) await turns(1);
	// The effect of a released request follows a few turns after its connection was closed.
	await turns(20);
}

/** Yields to everything else so many times. */
async function turns(count: number): Promise<void> {
	for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** Whether a text is anywhere in a value, hidden properties included. */
function contains(value: unknown, text: string, seen = new Set<object>()): boolean {
	if (typeof value === 'string') return value.includes(text);
	if (typeof value !== 'object' || value === null || seen.has(value)) return false;
	if (ArrayBuffer.isView(value)) return false;
	seen.add(value);
	return Reflect.ownKeys(value).some((key) => {
		const property = Reflect.getOwnPropertyDescriptor(value, key);
		return property && 'value' in property && contains(property.value, text, seen);
	});
}
