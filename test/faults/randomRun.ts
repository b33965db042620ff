import fc from 'fast-check';

import type { FormName } from '../sandbox/sandbox';
import { ANSWERS, MOMENTS } from './answers';
import { SENDING_FORMS } from './outcomes';
import type { Circumstances, Mishap } from './play';
import type { Sending } from './sendings';

/** Each number with the same probability: fast-check by itself prefers the ends of a range. */
const uniform = (max: number): fc.Arbitrary<number> => fc.noBias(fc.nat(max));

/**
 * One run of the soak: a sending under circumstances drawn from all axes. Each run has its own random numbers, so
 * that it can be repeated without those before it.
 *
 * @param seed - seed of the whole soak
 * @param number - number of the run, from 0
 * @param sendings - what to draw from, each weighted by how quick it is
 */
export function randomRun(
	seed: number,
	number: number,
	sendings: readonly Sending[],
): { sending: Sending; circumstances: Circumstances } {
	const [draw] = fc.sample(fc.gen(), { seed: seed + number * 7919, numRuns: 1 });
	if (!draw) throw new Error('fast-check gave nothing to draw with');
	const upTo = (bound: number): number => draw(uniform, bound - 1);
	const chance = (share: number): boolean => upTo(10_000) < share * 10_000;
	const oneOf = <T>(from: readonly T[]): T => {
		const chosen = from[upTo(from.length)];
		if (chosen === undefined) throw new Error('There is nothing to choose from');
		return chosen;
	};
	const quick = sendings.filter(({ weight = 1 }) => weight === 1 || chance(1 / weight));
	const sending = oneOf(quick);
	const count = sending.perItem && chance(0.5) ? 2 + upTo(4) : 1;
	const answers = ANSWERS.filter(({ then }) => !(sending.asTool && then === 'cancel'));
	// Some happen after the last regular request, when the node looks again or cleans up.
	const mishaps = Array.from({ length: upTo(5) }, (): Mishap => {
		const answer = oneOf(answers);
		const moments = MOMENTS.filter(
			({ when }) =>
				answer.effects === 'any' ||
				when === 'never' ||
				(when === 'before' && answer.effects === 'ended'),
		);
		const at = 1 + upTo(sending.requests * count + 6);
		return { at, answer, moment: oneOf(moments) };
	});
	return {
		sending,
		circumstances: {
			mishaps: mishaps.filter(
				({ at }, index) => mishaps.findIndex((other) => other.at === at) === index,
			),
			count,
			retry: chance(0.5),
			keepDraft: chance(0.5),
			goOn: !sending.asTool && chance(0.4),
			forms: chance(0.4) ? together(oneOf(SENDING_FORMS), oneOf(SENDING_FORMS)) : [],
			lagMs: chance(0.3) ? oneOf([500, 2_000, 8_000, 20_000]) : 0,
			...(chance(0.2) && {
				processing: { ms: oneOf([3_000, 20_000, 60_000]), status: oneOf([409, 422] as const) },
			}),
		},
	};
}

/**
 * A service that sends what it creates from a template also emails a signer it added itself, whatever a node does.
 */
function together(one: FormName, other: FormName): FormName[] {
	const both = [...new Set([one, other])];
	const addsPeople = both.includes('extraSigner') || both.includes('extraApprover');
	return addsPeople && both.includes('useSendsAtOnce') ? ['useSendsAtOnce'] : both;
}
