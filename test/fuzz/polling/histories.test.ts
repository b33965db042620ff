import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';

import type { Transition } from '../../../nodes/InSigner/polling/observe';
import { itemOf } from '../../../nodes/InSigner/polling/output';
import { goRound } from '../../../nodes/InSigner/polling/round';
import { decode, encode } from '../../../nodes/InSigner/polling/snapshot';
import { Service, type Order } from './smallInSigner';

/**
 * n8n 2.41 as far as it matters: what it keeps in memory, what in its database, and what it has begun with. Deduplication
 * in the execution is n8n's own table, so it survives.
 */
class N8n {
	private database: IDataObject = {};
	private memory: IDataObject = {};
	private starts = 0;
	private readonly begun = new Set<string>();
	/** What the workflow was run for, as `event id`. */
	readonly ran: string[] = [];
	/** What polls returned, before deduplication. */
	readonly emitted: string[] = [];

	constructor(
		private readonly service: Service,
		private readonly share: number,
	) {}

	/** Ids of the documents that are remembered. */
	remembered(): string[] {
		return [...(decode(this.memory).documents?.known.keys() ?? [])];
	}

	get isStarted(): boolean {
		const { documents } = decode(this.memory);
		return documents !== undefined && documents.starting === undefined;
	}

	/** The start of a process, which polls at once. */
	async start(): Promise<void> {
		this.starts += 1;
		this.memory = structuredClone(this.database);
		if (await this.poll()) this.database = structuredClone(this.memory);
	}

	/**
	 * @param crash - whether n8n ends before it saves, or after that before it stores the execution
	 * @returns false when the poll threw
	 */
	async poll(crash?: 'beforeSaving' | 'beforeStoring'): Promise<boolean> {
		let left = this.share;
		const round = await goRound(
			decode(this.memory),
			{ documents: this.service.subject() },
			{
				signers: true,
				take: async () => await Promise.resolve(left-- > 0),
				onUnreadable: () => undefined,
			},
			() => true,
			`process ${this.starts}`,
		).catch(() => undefined);
		if (!round) return false;
		this.memory = structuredClone(encode(round.next));
		if (!round.mustSave || crash === 'beforeSaving') return true;
		this.database = structuredClone(this.memory);
		if (crash === 'beforeStoring') return true;
		for (const transition of round.wanted) this.run(transition);
		return true;
	}

	private run(transition: Transition): void {
		const { event, data, fingerprint } = itemOf(transition).json;
		const name = `${String(event)} ${String((data as IDataObject).id)}`;
		this.emitted.push(name);
		if (this.begun.has(String(fingerprint))) return;
		this.begun.add(String(fingerprint));
		this.ran.push(name);
	}
}

const MINUTE = 60_000;

const index = fc.nat(40);
const step = fc.oneof(
	{
		weight: 3,
		arbitrary: fc.record({ do: fc.constant('create'), n: fc.integer({ min: 1, max: 3 }) }),
	},
	{ weight: 8, arbitrary: fc.record({ do: fc.constant('advance'), n: index }) },
	{
		weight: 2,
		arbitrary: fc.record({ do: fc.constantFrom('declined', 'cancelled', 'expired'), n: index }),
	},
	{ weight: 1, arbitrary: fc.record({ do: fc.constant('touch'), n: index }) },
	{ weight: 2, arbitrary: fc.record({ do: fc.constant('wait'), n: fc.nat(3_600_000) }) },
	{ weight: 4, arbitrary: fc.record({ do: fc.constant('poll'), n: fc.constant(0) }) },
	{ weight: 1, arbitrary: fc.record({ do: fc.constant('pollFails'), n: fc.nat(12) }) },
	{ weight: 1, arbitrary: fc.record({ do: fc.constant('unfound'), n: fc.constant(1) }) },
);
const trouble = fc.record({
	do: fc.constantFrom('restart', 'beforeSaving', 'beforeStoring'),
	n: fc.constant(0),
});

type Step = { do: string; n: number };

async function play(service: Service, n8n: N8n, steps: readonly Step[]): Promise<void> {
	for (const { do: what, n } of steps) {
		if (what === 'create') service.create(n);
		if (what === 'advance') service.advance(n);
		if (what === 'declined' || what === 'cancelled' || what === 'expired') service.end(n, what);
		if (what === 'touch') service.touch(n);
		if (what === 'wait') service.now += n;
		if (what === 'poll') await n8n.poll();
		if (what === 'pollFails') {
			service.answers = n;
			await n8n.poll();
			service.answers = Number.POSITIVE_INFINITY;
		}
		if (what === 'unfound') service.unfound = n;
		if (what === 'restart') await n8n.start();
		if (what === 'beforeSaving' || what === 'beforeStoring') {
			await n8n.poll(what);
			await n8n.start();
		}
	}
}

/** Polls every minute until everything was reported, and then some more, since something might be reported twice. */
async function settle(service: Service, n8n: N8n): Promise<void> {
	const poll = async () => {
		service.now += MINUTE;
		await n8n.poll();
	};
	for (let n = 0; n < 1_000 && n8n.ran.length < service.happened.length; n++) await poll();
	for (let n = 0; n < 10; n++) await poll();
}

const past = fc.array(
	fc.oneof(
		fc.record({ do: fc.constant('create'), n: fc.integer({ min: 1, max: 3 }) }),
		fc.record({ do: fc.constantFrom('advance', 'advance', 'declined'), n: index }),
		fc.record({ do: fc.constant('wait'), n: fc.nat(36_000_000) }),
	),
	{ maxLength: 60 },
);

/** The trigger on an organization with a past, its starting point taken. */
async function begin(order: Order, lagMs: number, share: number, steps: readonly Step[]) {
	const service = new Service(order, lagMs);
	const n8n = new N8n(service, share);
	await play(service, n8n, steps);
	service.now += lagMs;
	service.happened.length = 0;
	await n8n.start();
	while (!n8n.isStarted) await n8n.poll();
	expect(n8n.emitted).toEqual([]);
	return { service, n8n };
}

const orders = fc.constantFrom<Order>('newest', 'oldest', 'scattered');
const shares = fc.integer({ min: 1, max: 40 });
const lags = fc.oneof(fc.constant(0), fc.nat(9 * MINUTE));
const RUNS = { numRuns: Number(process.env.POLLING_RUNS ?? 100) };

it('reports every step once, in whatever order lists come, however small the share and however often polls fail', async () => {
	await fc.assert(
		fc.asyncProperty(
			orders,
			lags,
			shares,
			past,
			fc.array(step, { maxLength: 80 }),
			async (order, lagMs, share, before, steps) => {
				const { service, n8n } = await begin(order, lagMs, share, before);
				await play(service, n8n, steps);
				await settle(service, n8n);
				expect([...n8n.emitted].sort()).toEqual([...service.happened].sort());
			},
		),
		RUNS,
	);
}, 120_000);

it('forgets what has ended, and never reports it again', async () => {
	await fc.assert(
		fc.asyncProperty(
			orders,
			lags,
			shares,
			past,
			fc.array(step, { maxLength: 80 }),
			async (order, lagMs, share, before, steps) => {
				const { service, n8n } = await begin(order, lagMs, share, before);
				await play(service, n8n, steps);
				await settle(service, n8n);
				const told = [...n8n.emitted];
				// Time is what inSigner says, so something has to happen there.
				service.now += 60 * MINUTE;
				service.create(1);
				const unended = service.unended().sort().join();
				const remembered = () => n8n.remembered().sort().join();
				for (let n = 0; n < 300 && remembered() !== unended; n++) {
					service.now += MINUTE;
					await n8n.poll();
				}
				expect(remembered()).toBe(unended);
				for (let n = 0; n < 20; n++) await n8n.poll();
				expect(n8n.emitted).toEqual(told);
			},
		),
		RUNS,
	);
}, 120_000);

it('runs the workflow for every step once, through restarts and crashes', async () => {
	await fc.assert(
		fc.asyncProperty(
			orders,
			lags,
			shares,
			past,
			fc.array(fc.oneof({ weight: 9, arbitrary: step }, { weight: 1, arbitrary: trouble }), {
				maxLength: 80,
			}),
			async (order, lagMs, share, before, steps) => {
				const { service, n8n } = await begin(order, lagMs, share, before);
				await play(service, n8n, steps);
				await settle(service, n8n);
				expect([...n8n.ran].sort()).toEqual([...service.happened].sort());
			},
		),
		RUNS,
	);
}, 120_000);

it('reports nothing that was over before, even if documents move while the starting point is taken', async () => {
	await fc.assert(
		fc.asyncProperty(
			orders,
			shares,
			past,
			fc.array(step, { maxLength: 30 }),
			async (order, share, before, during) => {
				const service = new Service(order);
				const n8n = new N8n(service, share);
				await play(service, n8n, before);
				service.happened.length = 0;
				await n8n.start();
				await play(service, n8n, during);
				for (let n = 0; n < 40; n++) await n8n.poll();
				const happened = new Set(service.happened);
				expect(n8n.emitted.filter((name) => !happened.has(name))).toEqual([]);
				expect(new Set(n8n.emitted).size).toBe(n8n.emitted.length);
			},
		),
		RUNS,
	);
}, 120_000);
