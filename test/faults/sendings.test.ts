import { startBench, type Bench } from '../engine/insigner';
import { meaningOf, type FormName } from '../sandbox/sandbox';
import { ANSWERS, canHappen, MOMENTS, type AnswerKind, type Moment, type Step } from './answers';
import { cover, pairsOf } from './coverage';
import { judge, type Violation } from './judge';
import { FAIR, play, stepOf, stepsOf, type Circumstances, type Mishap, type Traces } from './play';
import { randomRun } from './randomRun';
import { outcomeOf, SENDING_FORMS } from './outcomes';
import { Scoreboard } from './scoreboard';
import { SENDINGS, type Sending } from './sendings';

/** All combinations instead of those that cover every pair; takes many times as long. */
const ALL = process.env.FAULT_ALL === '1';

/** What takes longer than the service itself: lagging reads, files that are processed. */
const WAITS: ReadonlyArray<readonly [string, Partial<Circumstances>]> = [
	['reads 0.5 s behind', { lagMs: 500 }],
	['reads 3 s behind', { lagMs: 3_000 }],
	['reads 8 s behind', { lagMs: 8_000 }],
	['reads 60 s behind', { lagMs: 60_000 }],
	['processed 3 s, 409', { processing: { ms: 3_000, status: 409 } }],
	['processed 20 s, 422', { processing: { ms: 20_000, status: 422 } }],
	['processed 100 s, 409', { processing: { ms: 100_000, status: 409 } }],
	['both', { lagMs: 3_000, processing: { ms: 5_000, status: 422 } }],
];

let bench: Bench;
const scoreboard = new Scoreboard(
	SENDINGS.map(({ title }) => title),
	WAITS.map(([title]) => title),
);
let runs = 0;

beforeAll(async () => {
	bench = await startBench();
}, 60_000);
afterAll(async () => {
	await bench.stop();
	process.stdout.write(`\n${scoreboard.text()}\n\n`);
});

interface Result {
	violations: Violation[];
	traces: Traces;
}

async function run(sending: Sending, changes: Partial<Circumstances>): Promise<Result> {
	runs += 1;
	const circumstances = { ...FAIR, ...changes };
	const { prepared, traces } = await play(bench, sending, `r${runs}`, circumstances);
	const violations = judge(prepared, traces);
	scoreboard.count(violations);
	return { violations, traces };
}

/** One line per request, as the service saw it. */
const excerpt = ({ requests, emails }: Traces): string => {
	const start = requests[0]?.at ?? 0;
	const seconds = (at: number): string => `${((at - start) / 1000).toFixed(1)}s`;
	const lines = requests.map((request, index) => {
		const { status, fault, aborted, late } = request;
		const end = status ?? (aborted ? 'no one waited' : 'no answer');
		const played = fault ? ` (${[fault, late && `late: ${late}`].filter(Boolean).join(', ')})` : '';
		return `${index + 1} ${seconds(request.at)} ${stepOf(request).operation} ${end}${played}`;
	});
	const mailbox = emails.slice(0, 4).map(({ at, to }) => `${to} ${seconds(at)}`);
	return `${lines.join('; ')}\n    emailed: ${mailbox.join(', ') || 'no one'}`;
};

const tell = (heading: string, { violations, traces }: Result): string[] =>
	violations.map(({ wrong, detail }) => `${heading}: ${wrong}: ${detail}\n    ${excerpt(traces)}`);

/** How many are shown per test. */
const SHOWN = Number(process.env.FAULT_SHOWN ?? 40);

function expectNone(wrong: readonly string[]): void {
	const more = wrong.length > SHOWN ? [`and ${wrong.length - SHOWN} more`] : [];
	expect([...wrong.slice(0, SHOWN), ...more].join('\n')).toBe('');
}

const codes = ({ violations }: Result): string[] => violations.map(({ wrong }) => wrong);

/** One cell of the whole product. */
interface Cell {
	readonly nth: number;
	readonly step: Step;
	readonly answer: AnswerKind;
	readonly moment: Moment;
	readonly retry: boolean;
	readonly keepDraft: boolean;
}

const BOTH = [false, true];

/** Every possible cell for some of the requests of a sending. */
function cellsOf(sending: Sending, steps: ReadonlyArray<{ nth: number; step: Step }>): Cell[] {
	const cells: Cell[] = [];
	for (const { nth, step } of steps) {
		for (const answer of ANSWERS) {
			if (sending.asTool && answer.then === 'cancel') continue;
			for (const moment of MOMENTS) {
				if (!canHappen(answer, moment, step)) continue;
				for (const retry of BOTH) {
					for (const keepDraft of sending.makesDrafts ? BOTH : [false]) {
						cells.push({ nth, step, answer, moment, retry, keepDraft });
					}
				}
			}
		}
	}
	return cells;
}

const pairsOfCell = ({ nth, answer, moment, retry, keepDraft }: Cell): string[] =>
	pairsOf([String(nth), answer.title, moment.title, String(retry), String(keepDraft)]);

/** For a request: each answer, each moment, with and without Retry On Fail. */
const valuesOfCell = ({ nth, answer, moment, retry }: Cell): string[] =>
	[answer.title, moment.title, String(retry)].map((value) => `${nth} ${value}`);

/**
 * For a request that emails people, every answer at every moment, with and without Retry On Fail; otherwise every
 * pair.
 */
function chosen(sending: Sending, cells: readonly Cell[]): Cell[] {
	if (ALL) return [...cells];
	if (isSlow(sending)) return cover(cells, valuesOfCell);
	const mailing = cells.filter(({ step }) => sending.mailing.includes(step.operation));
	const first = mailing.filter(
		({ retry, keepDraft, moment, answer }) =>
			!sending.isVariant &&
			(!sending.makesDrafts ||
				keepDraft ===
					((ANSWERS.indexOf(answer) + MOMENTS.indexOf(moment)) % 2 === (retry ? 0 : 1))),
	);
	return cover(sending.isVariant ? mailing : cells, pairsOfCell, first);
}

const isSlow = ({ weight = 1 }: Sending): boolean => weight > 1;

const nameOf = ({ nth, step, answer, moment, retry, keepDraft }: Cell): string =>
	[
		`${nth} ${step.operation}: ${answer.title}, effect ${moment.title}`,
		retry && 'Retry On Fail',
		keepDraft && 'Keep Draft',
	]
		.filter(Boolean)
		.join(', ');

/** Tries the cells and returns what was wrong. */
async function tryCells(
	sending: Sending,
	title: string,
	cells: readonly Cell[],
	prelude: readonly Mishap[] = [],
): Promise<string[]> {
	const wrong: string[] = [];
	for (const cell of cells) {
		const { nth, answer, moment, retry, keepDraft, step } = cell;
		const mishaps = [...prelude, { at: nth, answer, moment }];
		const result = await run(sending, { mishaps, retry, keepDraft });
		const found = [...codes(result), ...(result.traces.allPlayed ? [] : ['NOT PLAYED'])];
		scoreboard.faults.note(
			`${title}: ${nth} ${step.operation}`,
			answer.title,
			found.map((code) => `${code}@${moment.title}`),
		);
		wrong.push(...tell(`${title}: ${nameOf(cell)}`, result));
		if (!result.traces.allPlayed) wrong.push(`${title}: ${nameOf(cell)}: was not played`);
	}
	return wrong;
}

/** For requests that follow a fault. */
const FEW_MOMENTS = ['never', 'before', '8s'];

const refused: AnswerKind = {
	title: '409',
	meaning: 'refused',
	fault: { status: 409, body: { type: 'about:blank', title: 'Conflict', status: 409 } },
	effects: 'never',
};

const [never] = MOMENTS;
const [none] = ANSWERS;

/** What throws a sending off course, to see what goes wrong with the requests that it makes then. */
function preludes(sending: Sending): Array<{ name: string; mishap: Mishap }> {
	if (!never || !none) throw new Error('There are no answers');
	const at = { operation: sending.mailing.at(-1) ?? '' };
	return [
		{ name: `after no answer to ${at.operation}`, mishap: { at, answer: none, moment: never } },
		...(sending.makesDrafts
			? [
					{
						name: `after ${at.operation} is refused`,
						mishap: { at, answer: refused, moment: never },
					},
				]
			: []),
	];
}

/** The requests that follow a mishap: the first of each operation. */
function stepsAfter({ requests }: Traces): Array<{ nth: number; step: Step }> {
	const struck = requests.findIndex(({ fault }) => fault !== undefined);
	const steps = requests.map((request, index) => ({ nth: index + 1, step: stepOf(request) }));
	return steps
		.slice(struck + 1)
		.filter(
			({ step }, index, after) =>
				after.findIndex((other) => other.step.operation === step.operation) === index,
		);
}

const SELECTED = SENDINGS.filter(({ title }) =>
	title.includes(process.env.FAULT_SENDING ?? ''),
).map((sending) => [sending.title, sending] as const);

describe.each(SELECTED)('%s', (title, sending) => {
	it('emails everyone once when nothing goes wrong', async () => {
		const { violations, traces } = await run(sending, {});
		expect(tell(title, { violations, traces })).toEqual([]);
		expect(traces.error).toBeUndefined();
	}, 60_000);

	it('whatever the answer to a request, and whenever it is carried out', async () => {
		const { traces } = await run(sending, {});
		const steps = stepsOf(traces).map((step, index) => ({ nth: index + 1, step }));
		const cells = chosen(sending, cellsOf(sending, steps));
		expectNone(await tryCells(sending, title, cells));
	}, 3_600_000);

	it('whatever the answers to the requests that follow a fault', async () => {
		const wrong: string[] = [];
		if (sending.isVariant || isSlow(sending)) return;
		for (const { name, mishap } of preludes(sending)) {
			const { traces } = await run(sending, { mishaps: [mishap] });
			const cells = cellsOf(sending, stepsAfter(traces)).filter(
				({ keepDraft, retry, moment }) =>
					!keepDraft && (ALL || (!retry && FEW_MOMENTS.includes(moment.title))),
			);
			wrong.push(...(await tryCells(sending, `${title}, ${name}`, cells, [mishap])));
		}
		expectNone(wrong);
	}, 3_600_000);

	it('however far reads lag, and however long files are processed', async () => {
		const wrong: string[] = [];
		for (const [name, wait] of WAITS) {
			for (const retry of isSlow(sending) ? [true] : BOTH) {
				const result = await run(sending, { ...wait, retry });
				scoreboard.waits.note(title, name, codes(result));
				wrong.push(...tell(`${title}, ${name}, retry ${String(retry)}`, result));
			}
		}
		expectNone(wrong);
	}, 600_000);

	it('in every form the service may have', async () => {
		const wrong: string[] = [];
		for (const form of SENDING_FORMS) {
			if (PARTICULAR.has(form) && !sending.forms.includes(form)) continue;
			const result = await run(sending, { forms: [form] });
			const { emails, error } = result.traces;
			const outcome = emails.length === 0 ? 'refused' : error ? 'open' : 'sent';
			const isRefused = sending.refusedIn?.includes(form);
			const wanted = isRefused ? 'refused' : outcomeOf(form, sending.emails);
			const isWrong = wanted !== 'either' && outcome !== wanted;
			scoreboard.forms.note(form, title, [
				...codes(result),
				...(isWrong ? [outcome.toUpperCase()] : []),
			]);
			const heading = `${title}, ${form} (${meaningOf(form)})`;
			wrong.push(...tell(heading, result));
			if (isWrong) {
				const said = [error?.message, error?.description].filter(Boolean).join('. ');
				wrong.push(
					`${heading}: ${outcome} instead of ${wanted}: ${said}\n    ${excerpt(result.traces)}`,
				);
			}
		}
		expectNone(wrong);
	}, 600_000);
});

/** Forms that change nothing for a sending that does not name them. */
const PARTICULAR = new Set<FormName>(SENDINGS.flatMap(({ forms }) => forms));

const RUNS = Number(process.env.FAULT_RUNS ?? (process.env.CI === 'true' ? 500 : 200));
const SEED = Number(process.env.FAULT_SEED ?? Date.now() % 1_000_000);
/** Only this run of the seed. */
const ONLY = process.env.FAULT_RUN === undefined ? undefined : Number(process.env.FAULT_RUN);

it(`sends nothing twice and loses nothing in ${RUNS} random runs (FAULT_SEED=${SEED})`, async () => {
	const numbers = ONLY === undefined ? Array.from({ length: RUNS }, (_, index) => index) : [ONLY];
	const wrong: string[] = [];
	for (const number of numbers) {
		const { sending, circumstances } = randomRun(SEED, number, SENDINGS);
		const result = await run(sending, circumstances);
		const { mishaps, ...rest } = circumstances;
		const faults = mishaps.map(
			({ at, answer, moment }) => `${String(at)} ${answer.title}@${moment.title}`,
		);
		const heading = `FAULT_SEED=${SEED} FAULT_RUN=${number} ${sending.title}, [${faults.join(', ')}], ${JSON.stringify(rest)}`;
		wrong.push(...tell(heading, result));
	}
	expectNone(wrong);
}, 3_600_000);
