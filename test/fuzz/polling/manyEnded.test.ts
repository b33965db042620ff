/** Organizations in which many documents end: what is remembered stays small, and nothing is reported twice. */
import { dueIn, MAX_ENDED, observe } from '../../../nodes/InSigner/polling/observe';
import { catchUp, type Subject } from '../../../nodes/InSigner/polling/reading';
import type { Sighting } from '../../../nodes/InSigner/polling/sightings';
import { NOTHING_KNOWN, type Known, type Watch } from '../../../nodes/InSigner/polling/snapshot';

const MINUTE = 60_000;
const PAGE = 100;

/** Polling's share, per minute. */
const SHARE = 60;

interface Document {
	createdAt: number;
	endedAt?: number;
}

/** Documents by number; the list of everything begins with the newest. */
class Organization {
	now = Date.parse('2026-05-01T00:00:00Z');
	private readonly documents: Document[] = [];
	private readonly open = new Set<number>();
	/** @param past - how many ended long ago, one every minute */
	constructor(past: number) {
		for (let n = past; n > 0; n--) {
			const at = this.now - n * MINUTE;
			this.documents.push({ createdAt: at, endedAt: at });
		}
	}

	create(): number {
		this.open.add(this.documents.length);
		return this.documents.push({ createdAt: this.now }) - 1;
	}

	end(number: number): void {
		this.open.delete(number);
		Object.assign(this.documents[number] ?? {}, { endedAt: this.now });
	}

	subject(): Subject {
		const page = (numbers: number[], cursor: string | undefined) => {
			const start = Number(cursor ?? 0);
			const next = start + PAGE < numbers.length ? String(start + PAGE) : undefined;
			return { sightings: numbers.slice(start, start + PAGE).map((n) => this.see(n)), next };
		};
		return {
			lists: [
				async () => await Promise.resolve({ sightings: [] }),
				async (cursor) => await Promise.resolve(page([...this.open], cursor)),
			],
			all: async (cursor) => {
				const start = Number(cursor ?? this.documents.length);
				const end = Math.max(0, start - PAGE);
				const sightings = [];
				for (let n = start - 1; n >= end; n--) sightings.push(this.see(n));
				return await Promise.resolve({ sightings, ...(end > 0 && { next: String(end) }) });
			},
			one: async (id) => await Promise.resolve(this.see(Number(id))),
		};
	}

	private see(number: number): Sighting {
		const { createdAt, endedAt } = this.documents[number] ?? { createdAt: 0 };
		const event = (name: string) => ({ event: name, timestamp: null, data: {} });
		return {
			id: String(number),
			stage: endedAt === undefined ? 'open' : 'ended',
			createdAt,
			updatedAt: endedAt ?? createdAt,
			sent: event('document.sent'),
			...(endedAt !== undefined && { ended: event('document.completed') }),
			json: {},
		};
	}
}

/** The trigger, polling every minute. */
class Polling {
	private watch: Watch = NOTHING_KNOWN;
	readonly told: string[] = [];
	largest = 0;
	requests = 0;

	constructor(private readonly organization: Organization) {}

	async poll(): Promise<void> {
		this.organization.now += MINUTE;
		let left = SHARE;
		const { transitions, next } = await catchUp(this.organization.subject(), this.watch, {
			signers: false,
			take: async () => await Promise.resolve(left-- > 0),
			onUnreadable: () => undefined,
		});
		this.requests += SHARE - Math.max(0, left);
		this.watch = next;
		this.largest = Math.max(this.largest, next.known.size);
		this.told.push(...transitions.map(({ id, event: { event } }) => `${event} ${id}`));
	}

	get size(): number {
		return this.watch.known.size;
	}
}

/** Ten documents a minute are created, and signed in the next one. */
async function tenAMinute(organization: Organization, polling: Polling, polls: number) {
	const numbers: number[] = [];
	for (let n = 0; n < polls; n++) {
		for (const number of numbers.slice(-10)) organization.end(number);
		for (let more = 0; more < 10; more++) numbers.push(organization.create());
		await polling.poll();
	}
	return numbers;
}

it('holds a few minutes of ended ones in an organization of usual size', async () => {
	const organization = new Organization(5_000);
	const polling = new Polling(organization);
	while (polling.size === 0) await polling.poll();
	const numbers = await tenAMinute(organization, polling, 300);
	expect(polling.largest).toBeLessThan(700);
	expect(polling.told.length).toBe(new Set(polling.told).size);
	expect(polling.told.length).toBeGreaterThanOrEqual(2 * (numbers.length - 10));
	// One page of everything, two lists, ten readings and five more pages.
	expect(polling.requests / 300).toBeLessThan(20);
});

it('reads the list of everything faster if it is so long that ended ones would pile up', async () => {
	const organization = new Organization(150_000);
	const polling = new Polling(organization);
	await polling.poll();
	const numbers = await tenAMinute(organization, polling, 500);
	expect(polling.largest).toBeLessThan(2_500);
	expect(polling.told.length).toBe(new Set(polling.told).size);
	expect(polling.told.length).toBeGreaterThanOrEqual(2 * (numbers.length - 10));
}, 120_000);

it('forgets what ended even if nothing new is created, as after a bulk send', async () => {
	const organization = new Organization(200);
	const polling = new Polling(organization);
	await polling.poll();
	const numbers = Array.from({ length: 1_500 }, () => organization.create());
	await polling.poll();
	for (const [index, number] of numbers.entries()) {
		organization.end(number);
		if (index % 25 === 24) await polling.poll();
	}
	for (let n = 0; n < 10; n++) await polling.poll();
	expect(polling.size).toBeLessThan(600);
	expect(polling.told.filter((name) => name.startsWith('document.completed'))).toHaveLength(1_500);
	expect(polling.told.length).toBe(new Set(polling.told).size);
});

it('has a limit if the list of everything is never read to its end', () => {
	const at = Date.parse('2026-05-01T00:00:00Z');
	const ended = (n: number) => ({
		id: String(n),
		stage: 'ended' as const,
		createdAt: at + n * MINUTE,
		updatedAt: at + n * MINUTE,
		ended: { event: 'document.completed', timestamp: null, data: {} },
		json: {},
	});
	const scope = { lists: 2, signers: false };
	const known = new Map<string, Known>();
	for (let n = 0; n <= MAX_ENDED; n++) {
		const { id, stage, updatedAt } = ended(n);
		known.set(id, { stage, time: updatedAt, due: false, seen: true });
	}
	const watch: Watch = { ...NOTHING_KNOWN, starting: undefined, createdUpTo: at - 1, known };
	const all = { of: 'all', sightings: [], next: 'cursor' } as const;
	const { next } = observe(watch, all, scope);
	expect(next.known.size).toBe(MAX_ENDED / 2);
	expect(next.createdUpTo).toBe(at + (MAX_ENDED / 2) * MINUTE);
	// What was forgotten is not treated as new, nor what is still known; what is younger is.
	const sightings = [ended(1), ended(MAX_ENDED / 2), ended(MAX_ENDED), ended(MAX_ENDED + 1)];
	const after = observe(next, { of: 'all', from: 'cursor', sightings, next: 'more' }, scope);
	expect(dueIn(after.next)).toEqual([String(MAX_ENDED + 1)]);
});
