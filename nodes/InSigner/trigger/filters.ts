import type { IDataObject } from 'n8n-workflow';

import { documentIdOf, type SignatureEvent } from './events';

/** What a filter can be about. */
export const FILTER_KEYS = ['documentId', 'templateId', 'campaignId', 'bulkSendId'] as const;

export type FilterKey = (typeof FILTER_KEYS)[number];

/** The ids that are wanted; an empty list wants all. */
export type Filters = Readonly<Record<FilterKey, readonly string[]>>;

/** What is known of an event: an id, null where it belongs to none, undefined where it does not say. */
type Origin = Partial<Record<FilterKey, string | null>>;

/**
 * Reads the filters as entered.
 *
 * @param entered - ids separated by commas, spaces or lines, or a list of them, by filter
 * @returns lists of ids
 */
export function readFilters(entered: Partial<Record<FilterKey, unknown>>): Filters {
	const ids = (key: FilterKey): string[] => {
		const texts: unknown[] = [entered[key]].flat();
		return texts.flatMap((text) =>
			typeof text === 'string' ? text.split(/[\s,;]+/).filter(Boolean) : [],
		);
	};
	return {
		documentId: ids('documentId'),
		templateId: ids('templateId'),
		campaignId: ids('campaignId'),
		bulkSendId: ids('bulkSendId'),
	};
}

/**
 * Whether an event passes the filters.
 *
 * @param filters - from {@link readFilters}
 * @param event - the event
 * @param document - the event's document as read from inSigner, where it was read
 * @returns yes or no; undefined where the event does not say and the document must be read
 */
export function passes(
	filters: Filters,
	event: SignatureEvent,
	document?: object,
): boolean | undefined {
	const origin = originOf(event, document);
	const verdicts = FILTER_KEYS.filter((key) => filters[key].length > 0).map((key) => {
		const id = origin[key];
		if (id === undefined) return document ? false : undefined;
		return id !== null && filters[key].includes(id);
	});
	if (verdicts.includes(false)) return false;
	return verdicts.includes(undefined) ? undefined : true;
}

/** The keys of an event's data are inferred (14.5 of the API notes), so several places are looked at. */
function originOf(event: SignatureEvent, document: object | undefined): Origin {
	const { data } = event;
	if (event.event.startsWith('bulk_send.')) {
		return {
			documentId: null,
			campaignId: null,
			bulkSendId: idAt(data, 'bulkSendId') ?? idAt(data, 'id'),
			templateId: idAt(data, 'templateId'),
		};
	}
	const about: IDataObject = {
		...data,
		...(typeof data.document === 'object' ? data.document : {}),
		...document,
	};
	return {
		documentId: documentIdOf(event),
		templateId: idAt(about, 'templateId'),
		campaignId: idAt(about, 'campaignId'),
		bulkSendId: idAt(about, 'bulkSendId'),
	};
}

function idAt(object: IDataObject, key: string): string | null | undefined {
	const value = object[key];
	return typeof value === 'string' || value === null ? value : undefined;
}
