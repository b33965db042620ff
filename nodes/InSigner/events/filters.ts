import type { IDataObject } from 'n8n-workflow';

import { parsed } from '../json/json';
import { inWords, isEmpty, type Reading } from '../parameters/values';
import { documentIdOf, idOf, type SignatureEvent } from './events';

/** What a filter can be about. */
export const FILTER_KEYS = ['documentId', 'templateId', 'campaignId', 'bulkSendId'] as const;

export type FilterKey = (typeof FILTER_KEYS)[number];

/** The ids that are wanted; an empty list means all. */
export type Filters = Readonly<Record<FilterKey, readonly string[]>>;

/** What is known about an event: an id, null if it belongs to none, undefined if it does not say. */
type Origin = Partial<Record<FilterKey, string | null>>;

/** What an ID may consist of. inSigner's are opaque, so only what cannot belong to one is excluded. */
const ID = /^[^\s"'`<>(){}[\]\\/?#=|]{1,200}$/;

/** Neither an ID nor a web address is expected to contain one of these. */
const SEPARATORS = /[\s,;]+/;

/** What an expression without a value turns into as text. */
const NO_VALUE = new Set(['undefined', 'null', 'NaN']);

/**
 * Reads the IDs of one filter.
 *
 * @param entered - what n8n returned: IDs and web addresses that end with one, as a text with commas, semicolons,
 * spaces or line breaks between them, as the JSON text of a list, or as a list
 * @returns the IDs; none only for an empty text. Anything else is refused: treated as no filter it would pass every
 * event, and treated as an ID it would pass none
 */
export function readIds(entered: unknown): Reading<string[]> {
	const list: unknown =
		typeof entered === 'string' && entered.trim().startsWith('[') ? parsed(entered) : entered;
	if (typeof list === 'string') return readAll(list, list.split(SEPARATORS));
	if (Array.isArray(list) && list.every((entry) => typeof entry === 'string') && list.length > 0) {
		return readAll(
			entered,
			list.flatMap((text) => text.split(SEPARATORS)),
		);
	}
	return { message: `must be a list of IDs, but is ${inWords(entered)}` };
}

function readAll(entered: unknown, parts: string[]): Reading<string[]> {
	const texts = parts.filter(Boolean);
	if (texts.length === 0 && !isEmpty(entered)) {
		return { message: `must be a list of IDs, but is ${inWords(entered)}` };
	}
	const ids: string[] = [];
	for (const text of texts) {
		const id = idIn(text);
		if (id === undefined) return { message: `holds ${inWords(text)}, which is not an ID` };
		ids.push(id);
	}
	return { value: ids };
}

function idIn(text: string): string | undefined {
	const id = /^https?:\/\//i.test(text) ? lastSegmentOf(text) : text;
	return id !== undefined && ID.test(id) && !NO_VALUE.has(id) ? id : undefined;
}

function lastSegmentOf(address: string): string | undefined {
	if (!URL.canParse(address)) return undefined;
	return new URL(address).pathname.split('/').filter(Boolean).at(-1);
}

/**
 * Whether an event passes the filters.
 *
 * @param filters - the IDs that are wanted
 * @param event - the event
 * @param document - the event's document as read from inSigner, if it was read
 * @returns yes or no; undefined if the event does not say and the document must be read
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
	return value === null ? null : idOf(value);
}
