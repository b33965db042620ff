import type { INode } from 'n8n-workflow';

import { startBench, type Bench } from '../engine/insigner';
import type { JournalRequest } from '../sandbox/sandbox';
import { FAULT_KINDS, type FaultKind } from './faultKinds';
import { judge, type Violation } from './judge';
import { play, type Mishap, type Traces } from './play';
import { Scoreboard } from './scoreboard';
import { SENDINGS, type Sending } from './sendings';

let bench: Bench;
const scoreboard = new Scoreboard();
let runs = 0;

beforeAll(async () => {
	bench = await startBench();
}, 60_000);
afterAll(async () => {
	await bench.stop();
	process.stdout.write(`\n${scoreboard.text()}\n\n`);
});

/** n8n takes 0 for "not given" and waits a second. */
const RETRY: Partial<INode> = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };

interface Result {
	violations: Violation[];
	traces: Traces;
}

async function run(
	sending: Sending,
	mishaps: readonly Mishap[],
	node: Partial<INode> = {},
	count = 1,
): Promise<Result> {
	runs += 1;
	const tag = `r${runs}`;
	const { prepared, traces } = await play(
		bench,
		sending,
		() => sending.prepare(bench, tag, count),
		mishaps,
		node,
	);
	const violations = judge(prepared, traces, bench.sandbox.apiKey);
	scoreboard.count(violations);
	return { violations, traces };
}

const stepOf = ({ operationId, method, path, origin }: JournalRequest): string =>
	operationId ?? (origin === 'storage' ? 'upload' : `${method} ${path}`);

/** One line per request, as it was seen by the service. */
const excerpt = ({ requests }: Traces): string =>
	requests
		.map((request, index) => {
			const { status, fault, aborted } = request;
			const end = status ?? (aborted ? 'nobody waited' : 'no answer');
			return `${index + 1} ${stepOf(request)} ${end}${fault ? ` (${fault})` : ''}`;
		})
		.join('; ');

const happensAt = (kind: FaultKind, step: string): boolean =>
	kind.only === undefined || (kind.only === 'storage') === (step === 'upload');

const tell = (heading: string, { violations, traces }: Result): string[] =>
	violations.map(({ wrong, detail }) => `${heading}: ${wrong}: ${detail}\n    ${excerpt(traces)}`);

describe.each(SENDINGS.map((sending) => [sending.title, sending] as const))(
	'%s',
	(title, sending) => {
		it('makes these requests when nothing goes wrong', async () => {
			const { violations, traces } = await run(sending, []);
			expect(violations).toEqual([]);
			expect(traces.error).toBeUndefined();
			expect(traces.requests.map(stepOf)).toEqual(sending.steps);
		}, 60_000);

		it.each(sending.steps.map((step, index) => [index + 1, step] as const))(
			'sends nothing twice and loses nothing when request %i (%s) goes wrong',
			async (nth, step) => {
				const row = `${title}: ${nth} ${step}`;
				const wrong: string[] = [];
				for (const kind of FAULT_KINDS) {
					if (!happensAt(kind, step)) {
						scoreboard.fill(row, kind.title, '-');
						continue;
					}
					const once = await run(sending, [{ nth, kind }]);
					const again = await run(sending, [{ nth, kind }], RETRY);
					const codes = [
						...once.violations.map((violation) => violation.wrong),
						...again.violations.map((violation) => `${violation.wrong}(retry)`),
					];
					if (!once.traces.allPlayed || !again.traces.allPlayed) codes.push('NOT PLAYED');
					scoreboard.fill(row, kind.title, [...new Set(codes)].join(' ') || 'ok');
					wrong.push(...tell(kind.title, once), ...tell(`${kind.title}, Retry On Fail`, again));
					if (codes.includes('NOT PLAYED')) wrong.push(`${kind.title}: was not played`);
				}
				expect(wrong.join('\n')).toBe('');
			},
			120_000,
		);
	},
);

/** Numbers that look random and come again with the same seed (mulberry32). */
function randomNumbers(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

/** One run of the soak. */
interface RandomRun {
	sending: Sending;
	mishaps: Mishap[];
	node: Partial<INode>;
	count: number;
}

/** Each run has numbers of its own, so that one can be repeated without those before it. */
function randomRun(seed: number, number: number): RandomRun {
	const random = randomNumbers(seed + number * 7919);
	const upTo = (bound: number): number => Math.floor(random() * bound);
	const chosen = SENDINGS[random() < LONG_SHARE ? SENDINGS.length - 1 : upTo(SENDINGS.length - 1)];
	if (!chosen) throw new Error('There is nothing to run');
	const goesOn = random() < 0.5;
	const count = chosen.perItem && random() < 0.5 ? 2 + upTo(4) : 1;
	const indexes = new Set<number>();
	// Some come after the last regular request, where the node looks again or cleans up.
	for (let wanted = 1 + upTo(4); indexes.size < wanted; ) {
		indexes.add(1 + upTo(chosen.steps.length * count + 4));
	}
	return {
		sending: chosen,
		count,
		mishaps: [...indexes].map((nth) => {
			const kind = FAULT_KINDS[upTo(FAULT_KINDS.length)];
			if (!kind) throw new Error('There are no faults');
			return { nth, kind };
		}),
		node: {
			...(random() < 0.5 && RETRY),
			...(goesOn && { onError: 'continueRegularOutput' as const }),
		},
	};
}

/** How many of the runs are the one with hundreds of recipients, which takes as long as many others. */
const LONG_SHARE = 0.03;

const RUNS = Number(process.env.FAULT_RUNS ?? (process.env.CI === 'true' ? 500 : 200));
const SEED = Number(process.env.FAULT_SEED ?? Date.now() % 1_000_000);
/** Only this run of the seed. */
const ONLY = process.env.FAULT_RUN === undefined ? undefined : Number(process.env.FAULT_RUN);

it(`sends nothing twice and loses nothing in ${RUNS} random runs (FAULT_SEED=${SEED})`, async () => {
	const numbers = ONLY === undefined ? Array.from({ length: RUNS }, (_, index) => index) : [ONLY];
	const wrong: string[] = [];
	for (const number of numbers) {
		const { sending, mishaps, node, count } = randomRun(SEED, number);
		const result = await run(sending, mishaps, node, count);
		const faults = mishaps.map(({ nth, kind }) => `${nth} ${kind.title}`).join(', ');
		const heading = `FAULT_SEED=${SEED} FAULT_RUN=${number} ${sending.title}, ${count} items, [${faults}], ${JSON.stringify(node)}`;
		wrong.push(...tell(heading, result));
	}
	expect(wrong.join('\n')).toBe('');
}, 600_000);
