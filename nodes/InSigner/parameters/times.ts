import { DateTime } from 'luxon';

import type { Problem } from './checks';

/**
 * The form the API takes.
 *
 * @param time - a valid time
 * @returns ISO 8601 in UTC with milliseconds
 */
export function toApiTime(time: DateTime): string {
	return time.toJSDate().toISOString();
}

/**
 * Checks that a time is in the future.
 *
 * @param parameter - display name
 * @param time - as read; undefined is fine
 */
export function checkFuture(parameter: string, time: DateTime | undefined): Problem[] {
	if (!time || time > DateTime.now()) return [];
	return [{ parameter, message: `must be in the future, but is ${time.toISO()}` }];
}
