import { DateTime } from 'luxon';

import type { Problem } from './checks';

/** What n8n gives for a dateTime parameter: text from the picker, a Luxon or JavaScript date from an expression. */
export type EnteredTime = string | Date | { toISO(): string };

/**
 * Reads a dateTime parameter.
 *
 * @param entered - what n8n gave; empty for none
 * @param zone - IANA name of the zone of the workflow, for a text without one
 * @returns the time, perhaps an invalid one; undefined for none
 */
export function toTime(entered: EnteredTime | undefined, zone: string): DateTime | undefined {
	if (!entered) return undefined;
	if (typeof entered === 'string') return DateTime.fromISO(entered, { zone });
	if (entered instanceof Date) return DateTime.fromJSDate(entered);
	return DateTime.fromISO(entered.toISO());
}

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
 * Checks that something is a time.
 *
 * @param parameter - display name
 * @param time - as read; undefined is in order
 */
export function checkTime(parameter: string, time: DateTime | undefined): Problem[] {
	return time && !time.isValid ? [{ parameter, message: 'is not a date and time' }] : [];
}

/**
 * Checks that something is a time in the future.
 *
 * @param parameter - display name
 * @param time - as read; undefined is in order
 */
export function checkFuture(parameter: string, time: DateTime | undefined): Problem[] {
	if (!time?.isValid) return checkTime(parameter, time);
	if (time > DateTime.now()) return [];
	return [{ parameter, message: `must be in the future, but is ${time.toISO()}` }];
}
