import { startBench, type Bench } from '../engine/insigner';
import { ANSWERS, canHappen, MOMENTS } from './answers';
import { cover, pairsOf } from './coverage';
import { FAIR, play, stepOf, type Mishap, type Traces } from './play';
import { SENDINGS, type PreparedRun, type Sending } from './sendings';

/**
 * Two executions with the same key in Send Only Once For: something goes wrong in the first, at a request that emails
 * people, and the second begins before what comes late has come. The mailbox judges.
 */
let bench: Bench;
let runs = 0;

beforeAll(async () => {
	bench = await startBench();
}, 60_000);
afterAll(async () => await bench.stop());

/** Send sends a document that is there; inSigner itself refuses to send it twice. */
const WITH_KEY = SENDINGS.filter(({ operation }) => operation !== 'send');

function wrongIn(prepared: PreparedRun, { emails, error, again }: Traces): string[] {
	const due = prepared.contracts.flatMap((contract) => contract.due);
	const got = (to: string) => emails.filter((email) => email.to === to).length;
	const said = again?.error?.message;
	const unsaid = said !== undefined && !/may have been sent already|may or may not/.test(said);
	return [
		...(due.some((to) => got(to) > 1) ? ['TWICE'] : []),
		...(said === undefined && due.some((to) => got(to) === 0) ? ['LOST'] : []),
		...(unsaid ? [`UNSAID: ${said}`] : []),
		...(!error && !again?.items.every(({ json }) => json.alreadySent) ? ['NOT FOUND AGAIN'] : []),
	];
}

/** Every answer at every moment, with and without Keep Draft in turn. */
function mishapsOf(sending: Sending): Array<{ mishap: Mishap; keepDraft: boolean }> {
	const cells = sending.mailing.flatMap((operation) =>
		ANSWERS.flatMap((answer) =>
			MOMENTS.filter((moment) => canHappen(answer, moment, { operation, method: 'POST' })).map(
				(moment) => ({ at: { operation }, answer, moment }),
			),
		),
	);
	const isQuick = !sending.isVariant && sending.weight === undefined;
	const values = ({ at, answer, moment }: (typeof cells)[number]): string[] =>
		isQuick
			? pairsOf([at.operation, answer.title, moment.title])
			: [at.operation, answer.title, moment.title];
	return cover(
		cells.filter(({ answer }) => !sending.asTool || answer.then !== 'cancel'),
		values,
	).map((mishap, index) => ({ mishap, keepDraft: sending.makesDrafts && index % 2 === 1 }));
}

it.each(WITH_KEY.map((sending) => [sending.title, sending] as const))(
	'%s: whatever is answered, a second execution with the same key emails no one again',
	async (title, sending) => {
		const wrong: string[] = [];
		const cells = [{ mishap: undefined, keepDraft: false }, ...mishapsOf(sending)];
		for (const { mishap, keepDraft } of cells) {
			runs += 1;
			const tag = `k${runs}`;
			const mishaps = mishap ? [mishap] : [];
			const circumstances = { ...FAIR, mishaps, keepDraft, sendOnceFor: tag };
			const { prepared, traces } = await play(bench, sending, tag, circumstances);
			const name = mishap ? `${mishap.answer.title}, effect ${mishap.moment.title}` : 'no mishap';
			const requests = traces.requests.map((request) => stepOf(request).operation).join(' ');
			wrong.push(
				...wrongIn(prepared, traces).map((code) => `${title}, ${name}: ${code}\n    ${requests}`),
			);
		}
		expect(wrong.slice(0, 20).join('\n')).toBe('');
	},
	1_200_000,
);
