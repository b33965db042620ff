import type { INodeProperties } from 'n8n-workflow';
import type { DateTime } from 'luxon';

import type { Parameters } from '../parameters/parameters';

/** Expires At and Expires In (Days): two ways to say the same, for use in a collection. */
export type ExpiryOptions = Record<'at' | 'inDays', INodeProperties>;

/**
 * The options that say when something expires.
 *
 * @param end - what ends then, as the rest of a sentence that starts with "When"
 */
export function expiryOptions(end: string): ExpiryOptions {
	return {
		at: {
			displayName: 'Expires At',
			name: 'expiresAt',
			type: 'dateTime',
			default: '',
			description: `When ${end}. Uses the workflow's timezone unless the value has one. A date without a time means the end of that day.`,
		},
		inDays: {
			displayName: 'Expires In (Days)',
			name: 'expiresInDays',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: 3650 },
			default: 30,
			description: `After how many days ${end}. The last day ends at midnight in the workflow's timezone.`,
		},
	};
}

/**
 * Reads when something expires.
 *
 * @param entered - the collection that holds the options
 * @param options - from {@link expiryOptions}
 * @param empty - what an empty Expires At means: nothing, or a change that cannot be made
 * @returns undefined where neither was entered
 * @throws NodeOperationError that names an option that isn't a time or a number of days, is empty, or if there are both
 */
export function readExpiry(
	entered: Parameters,
	{ at, inDays }: ExpiryOptions,
	empty: 'isNothing' | 'isChange',
): DateTime | undefined {
	const withTime = empty === 'isNothing' ? entered.filledIn(at) : entered.added(at);
	const days = entered.added(inDays)?.wholeNumber(inDays);
	if (withTime && days !== undefined) {
		entered.refuse(inDays, `can't be used together with ${at.displayName}: remove one of them`);
	}
	if (days !== undefined) return entered.now().plus({ days }).endOf('day');
	const time = withTime?.time(at, 'end');
	if (withTime && !time) entered.refuse(at, 'is empty');
	return time;
}
