import { cursorAfter } from './pagination';
import type { NumberedIds } from './numberedIds';
import type { Store } from './store';

/**
 * Every form in which the real service might turn out to differ from insigner.openapi.yaml, and what it means. The
 * first ones are transformations of answers (below); handlers check for those under "what the service does".
 */
const MEANINGS = {
	numbersAsText: 'every number is a text',
	idsAsNumbers: 'ids are numbers; requests may use both forms',
	ordersFromOne: 'the order of signers is counted from 1 on reading',
	assignedToFromOne: 'the order of signers and assignedTo are counted from 1 on reading',
	signersReversed: 'signers are listed in the reverse of their order',
	orderNullInParallel: 'signers of parallel documents have order null',
	pagesFromZero: 'pages are counted from 0 on reading',
	assignedToAsText: 'assignedTo is read back as text',
	assignedToAsSignerId: 'assignedTo is read back as the id of the signer',
	roundedCoordinates: 'coordinates are whole numbers',
	coordinatesInPercent: 'coordinates are percent of the page on reading',
	coordinatesInPixels: 'coordinates are pixels (96 to the inch) on reading',
	optionsAsJson: 'the options of a field are a text that holds JSON',
	lowerCaseAddresses: 'email addresses are in lower case',
	trimmedNames: 'names are trimmed, and inner spaces collapsed to one',
	statusInCapitals: 'a status is in capitals',
	statusesNobodyKnows: 'documents, signers, campaigns and bulk sends have unknown statuses',
	americanCanceled: 'the status cancelled is written canceled',
	recipientsForSigners: 'the signers of a document are under recipients',
	documentedKeysOnly: 'answers have only the keys that the documentation shows',
	bareDocument: 'a document is read without its signers and fields',
	useAnswersWithoutId: 'using a template answers without the id of the document',
	documentWrapped: 'data of one document is { document: ... }',
	noMeta: 'lists have no meta',
	emptyLastPage: 'lists say hasMore forever and end in empty pages',
	emptyCursor: 'nextCursor is an empty text on the last page',
	pagesByNumber: 'lists are paged by number: meta has page and totalPages, and no cursor',
	status201: 'a POST that worked answers 201',
	status202: 'a POST that worked answers 202',
	status204: 'what needs no answer gets 204 without a body',
	emptyBody: 'what needs no answer gets 200 without a body',
	webhookEventsAsList: 'the events of a webhook are a list',
	downloadUnderAnotherKey: 'the URL of a signed PDF is under another key',
	errorsAsText: 'errors are plain text',
	errorsInEnvelope: 'errors are { error: { code, message } }',

	// What is delivered to a webhook; the forms of documents and signers above show up there too.
	eventsNested: 'events have their document and signer under separate keys',
	eventsBare: 'events have only ids',
	eventsEmpty: 'the data of events is empty',
	eventsFlat: 'events have their data in the same object as their name',
	eventsInList: 'an event is delivered in a list of one',
	eventNamesUnderscored: 'events are named like document_completed',
	eventNamesDashed: 'events are named like document-completed',
	eventNamesCamelCased: 'events are named like documentCompleted',
	eventNamesInCapitals: 'events are named like DOCUMENT.COMPLETED',

	// What the service does.
	extraViewer: 'the service adds its own viewer to a new document',
	extraOwner: 'the service adds the owner of a new document to its people',
	extraSigner: 'the service adds its own signer to a new document',
	extraApprover: 'the service adds its own approver to a new document',
	useTakesOnlyName: 'using a template takes a name and refuses signers with 422',
	useIgnoresSigners: 'using a template ignores the signers',
	useGivesOrderZero: 'using a template gives all signers the order 0',
	useSendsAtOnce: 'using a template sends the document at once',
	uploadNeedsConfirming: 'an uploaded file counts only after an unknown step',
	uploadNeedsHeaders: 'an upload URL comes with headers that have to be sent with the file',
	fieldUpdateUnknown: 'fields have no endpoint to change them (404)',
	fieldUpdateRefused: 'fields cannot be changed (405)',
	readOnlyIgnored: 'changing a field leaves readOnly as it is',
	downloadByRedirect: 'a download is answered with a redirect',
	downloadAsBytes: 'a download is answered with the PDF',
	webhookDeletionUnknown: 'webhooks have no deletion endpoint (404)',
	webhookDeletionRefused: 'webhooks cannot be deleted (405)',
} as const;

export type FormName = keyof typeof MEANINGS;

/** Which forms are on. Tests set them; initially none is on. */
export type Forms = Record<FormName, boolean>;

/** Every form, in the order in which they are applied. */
export const FORM_NAMES = Object.keys(MEANINGS).filter(isFormName);

function isFormName(name: string): name is FormName {
	return name in MEANINGS;
}

/** What a form means, in words. */
export function meaningOf(name: FormName): string {
	return MEANINGS[name];
}

/** The forms with those given switched on. */
export function formsWith(names: readonly FormName[] = []): Forms {
	const entries = FORM_NAMES.map((name) => [name, names.includes(name)] as const);
	return Object.fromEntries(entries) as Forms;
}

/** An answer as it is sent. An undefined body is empty; a text/plain body is a text. */
export interface ShownAnswer {
	readonly operationId: string | undefined;
	readonly method: string;
	/** As received over the wire. */
	readonly query?: Readonly<Record<string, string>>;
	readonly status: number;
	readonly contentType: 'application/json' | 'application/problem+json' | 'text/plain';
	readonly body: unknown;
}

/** What some forms need to know in addition to the answer. */
export interface FormContext {
	/** Finds the signer behind a number. */
	readonly documents: Store['documents'];
	readonly ids: NumberedIds;
}

/** Converts an answer that keeps the contract to the forms that are on. */
export function inForms(forms: Forms, answer: ShownAnswer, context: FormContext): ShownAnswer {
	return FORM_NAMES.filter((name) => forms[name]).reduce((shown, name) => {
		const changes = shown.status >= 400 ? ERROR_FORMS : ANSWER_FORMS;
		return changes[name]?.(shown, context) ?? shown;
	}, answer);
}

/** What a webhook gets. */
export interface ShownEvent {
	readonly event: string;
	readonly timestamp: string;
	readonly data: object;
}

/** Converts an event to the forms that are on. */
export function eventInForms(forms: Forms, event: ShownEvent, context: FormContext): unknown {
	const answer = {
		operationId: EVENT,
		method: 'POST',
		status: 200,
		contentType: JSON_TYPE,
	} as const;
	// What counts is what arrives: by then dates and undefined have become JSON.
	const body: unknown = JSON.parse(JSON.stringify(event));
	return inForms(forms, { ...answer, body }, context).body;
}

/** The query of a request as in the contract, from one that is made for the forms that are on. */
export function queryInContract(
	forms: Forms,
	{ page, ...query }: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
	if (!forms.pagesByNumber || page === undefined) return query;
	return { ...query, cursor: cursorAfter((Number(page) - 1) * Number(query.limit)) };
}

type Change = (answer: ShownAnswer, context: FormContext) => ShownAnswer;
type Item = Record<string, unknown>;

/** Operations whose only result is that they worked. */
const NEEDS_NO_ANSWER = /^(send|remind|cancel|update|delete|remove)/;

/** Stands in for the operation of what is delivered to a webhook. */
const EVENT = 'event';

const JSON_TYPE = 'application/json';

/** Added by a form, and shown in a role of its own; see newDocument.ts. */
export const OWNER_EMAIL = 'owner@service.test';

/** What an upload URL is signed with in addition to type and size. */
export const UPLOAD_HEADERS = { 'x-amz-server-side-encryption': 'AES256' } as const;

/** What the documentation shows of answers that it shows only in part. */
const SHOWN_KEYS: Readonly<Record<string, readonly string[]>> = {
	requestUpload: ['uploadUrl'],
	downloadDocument: ['downloadUrl'],
	createBulkSend: ['sentCount', 'totalCount'],
	getBulkSend: ['id', 'name', 'status', 'totalCount', 'sentCount', 'failedCount'],
};
const SHOWN_BY_ID_ONLY =
	/^(createDocument|useTemplate|addField|createCampaign|(update(Document|Signer|Field|Campaign)|(send|remind|cancel)Document))$/;
const INFERRED_KEYS = ['phone', 'message', 'timestamp'];

/** Statuses that no one knows, and what they belong to. */
const OTHER_STATUSES: ReadonlyArray<[(item: Item) => boolean, Readonly<Record<string, string>>]> = [
	[(item) => isSigner(item), { pending: 'invited', viewed: 'opened', completed: 'signed' }],
	[(item) => isDocument(item), { pending: 'in_progress', completed: 'archived' }],
	[(item) => 'sentCount' in item, { processing: 'queued', completed: 'done', failed: 'stopped' }],
	[(item) => 'slug' in item, { active: 'live', paused: 'asleep', closed: 'over' }],
];

/** PDF points; the sample PDFs have pages of this size. */
const PAGE = { width: 612, height: 792 };

const ANSWER_FORMS: Partial<Record<FormName, Change>> = {
	numbersAsText: (answer) => ({
		...answer,
		body: mapDeep(answer.body, (value) => (typeof value === 'number' ? String(value) : value)),
	}),
	idsAsNumbers: eachItem((item, { ids }) =>
		mapValues(item, (value, key) =>
			typeof value === 'string' && /^id$|Id$/.test(key) ? ids.numberOf(value) : value,
		),
	),
	ordersFromOne: eachItem((item) =>
		isSigner(item) ? { ...item, order: Number(item.order) + 1 } : item,
	),
	assignedToFromOne: eachItem((item) =>
		isSigner(item)
			? { ...item, order: Number(item.order) + 1 }
			: isField(item)
				? { ...item, assignedTo: Number(item.assignedTo) + 1 }
				: item,
	),
	signersReversed: (answer, context) => {
		const { data } = asItem(answer.body);
		return answer.operationId === 'listSigners' && Array.isArray(data)
			? { ...answer, body: { ...asItem(answer.body), data: reversed(data) } }
			: eachItem((item) =>
					isDocument(item) && Array.isArray(item.signers)
						? { ...item, signers: reversed(item.signers) }
						: item,
				)(answer, context);
	},
	orderNullInParallel: eachItem((item) =>
		item.signingType === 'parallel' && Array.isArray(item.signers)
			? { ...item, signers: item.signers.map((signer: Item) => ({ ...signer, order: null })) }
			: item,
	),
	pagesFromZero: eachItem((item) =>
		isField(item) ? { ...item, page: Number(item.page) - 1 } : item,
	),
	assignedToAsText: eachItem((item) =>
		isField(item) ? { ...item, assignedTo: String(item.assignedTo) } : item,
	),
	assignedToAsSignerId: eachItem((item, { documents }) => {
		if (!isField(item)) return item;
		const signers = documents.get(String(item.documentId))?.signers ?? [];
		const signer = signers.find(({ order }) => order === item.assignedTo);
		return { ...item, assignedTo: signer?.id ?? item.assignedTo };
	}),
	roundedCoordinates: eachPlace((value) => Math.round(value)),
	coordinatesInPercent: eachPlace((value, key) =>
		toFour((100 * value) / (key === 'x' || key === 'width' ? PAGE.width : PAGE.height)),
	),
	coordinatesInPixels: eachPlace((value) => toFour((value * 96) / 72)),
	optionsAsJson: eachItem((item) =>
		isField(item) && Array.isArray(item.options)
			? { ...item, options: JSON.stringify(item.options) }
			: item,
	),
	lowerCaseAddresses: eachItem((item) =>
		typeof item.email === 'string' ? { ...item, email: item.email.toLowerCase() } : item,
	),
	trimmedNames: eachItem((item) =>
		typeof item.name === 'string' ? { ...item, name: item.name.trim().replace(/\s+/g, ' ') } : item,
	),
	statusInCapitals: eachItem((item) =>
		typeof item.status === 'string' ? { ...item, status: item.status.toUpperCase() } : item,
	),
	statusesNobodyKnows: eachItem((item) => {
		const other = OTHER_STATUSES.find(([isOne]) => isOne(item))?.[1][String(item.status)];
		return other === undefined ? item : { ...item, status: other };
	}),
	americanCanceled: eachItem((item) =>
		item.status === 'cancelled' ? { ...item, status: 'canceled' } : item,
	),
	recipientsForSigners: eachItem((item) => {
		if (!isDocument(item) || !('signers' in item)) return item;
		const { signers, ...rest } = item;
		return { ...rest, recipients: signers };
	}),
	documentedKeysOnly: (answer, context) => {
		const keys = shownKeys(answer.operationId ?? '');
		if (keys) {
			const data = Object.entries(asItem(asItem(answer.body).data));
			const shown = Object.fromEntries(data.filter(([key]) => keys.includes(key)));
			return { ...answer, body: { data: shown } };
		}
		return eachItem((item) =>
			without(item, [...INFERRED_KEYS, ...(isDocument(item) ? ['fields'] : [])]),
		)(answer, context);
	},
	bareDocument: eachItem((item) =>
		isDocument(item) ? without(item, ['signers', 'recipients', 'fields']) : item,
	),
	useAnswersWithoutId: (answer) => {
		if (answer.operationId !== 'useTemplate') return answer;
		const { data } = asItem(answer.body);
		return { ...answer, body: { data: without(asItem(data), ['id']) } };
	},
	documentWrapped: (answer) => {
		const { data } = asItem(answer.body);
		return isItem(data) && isDocument(data)
			? { ...answer, body: { ...asItem(answer.body), data: { document: data } } }
			: answer;
	},
	noMeta: (answer) =>
		isItem(answer.body) ? { ...answer, body: without(answer.body, ['meta']) } : answer,
	emptyLastPage: eachMeta((meta) =>
		meta.nextCursor === null
			? // There is nothing after this many.
				{ ...meta, hasMore: true, nextCursor: cursorAfter(1_000_000) }
			: meta,
	),
	emptyCursor: eachMeta((meta) => ({ ...meta, nextCursor: meta.nextCursor ?? '' })),
	pagesByNumber: eachMeta(({ count, hasMore }, { page = '1' }) => ({
		page: Number(page),
		// There may be more, but not fewer.
		totalPages: Number(page) + (hasMore === true ? 1 : 0),
		count,
	})),
	webhookEventsAsList: eachItem((item) =>
		typeof item.events === 'string'
			? { ...item, events: JSON.parse(item.events) as unknown }
			: item,
	),
	downloadUnderAnotherKey: eachItem(({ downloadUrl, ...item }) =>
		downloadUrl === undefined ? item : { ...item, file: downloadUrl },
	),
	eventsNested: eachEvent(({ data, ...event }) => ({ ...event, data: nested(event.event, data) })),
	eventsBare: eachEvent(({ data, ...event }) => {
		const ids = Object.entries(data).filter(([key]) => /^id$|^(document|signer)Id$/.test(key));
		return { ...event, data: Object.fromEntries(ids) };
	}),
	eventsEmpty: eachEvent((event) => ({ ...event, data: {} })),
	eventsFlat: eachEvent(({ data, ...event }) => ({ ...data, ...event })),
	eventNamesUnderscored: eachEvent((event) => named(event, (name) => name.replace('.', '_'))),
	eventNamesDashed: eachEvent((event) => named(event, (name) => name.replace(/[._]/g, '-'))),
	eventNamesCamelCased: eachEvent((event) =>
		named(event, (name) => name.replace(/[._](.)/g, (_, letter: string) => letter.toUpperCase())),
	),
	eventNamesInCapitals: eachEvent((event) => named(event, (name) => name.toUpperCase())),
	eventsInList: (answer) =>
		answer.operationId === EVENT ? { ...answer, body: [answer.body] } : answer,
	extraOwner: eachItem((item) => (item.email === OWNER_EMAIL ? { ...item, role: 'owner' } : item)),
	uploadNeedsHeaders: (answer) => {
		if (answer.operationId !== 'requestUpload') return answer;
		const { data } = asItem(answer.body);
		return { ...answer, body: { data: { ...asItem(data), headers: UPLOAD_HEADERS } } };
	},
	status201: (answer) => (answer.method === 'POST' ? { ...answer, status: 201 } : answer),
	status202: (answer) => (answer.method === 'POST' ? { ...answer, status: 202 } : answer),
	status204: (answer) =>
		NEEDS_NO_ANSWER.test(answer.operationId ?? '')
			? { ...answer, status: 204, body: undefined }
			: answer,
	emptyBody: (answer) =>
		NEEDS_NO_ANSWER.test(answer.operationId ?? '') ? { ...answer, body: undefined } : answer,
};

const ERROR_FORMS: Partial<Record<FormName, Change>> = {
	errorsAsText: (answer) => {
		const { detail, errors } = asItem(answer.body);
		const lines = Array.isArray(errors)
			? errors.map((error: Item) => `${String(error.field)}: ${String(error.message)}`)
			: [];
		const body = [String(detail), ...lines].join('\n');
		return { ...answer, contentType: 'text/plain', body };
	},
	webhookDeletionRefused: (answer) =>
		answer.operationId === 'deleteWebhook' ? { ...answer, status: 405 } : answer,
	fieldUpdateRefused: (answer) =>
		answer.operationId === 'updateField' ? { ...answer, status: 405 } : answer,
	errorsInEnvelope: (answer) => {
		const { type, detail, errors } = asItem(answer.body);
		const code = String(type).split('/').at(-1);
		const body = { error: { code, message: detail, ...(errors !== undefined && { errors }) } };
		return { ...answer, contentType: 'application/json', body };
	},
};

/** What is left of an answer; undefined if the documentation shows nearly all of it. */
function shownKeys(operationId: string): readonly string[] | undefined {
	if (/^(delete|remove)/.test(operationId)) return [];
	return SHOWN_KEYS[operationId] ?? (SHOWN_BY_ID_ONLY.test(operationId) ? ['id'] : undefined);
}

/** A change to every object in an answer, from the inside out. */
function eachItem(change: (item: Item, context: FormContext) => Item): Change {
	return (answer, context) => ({
		...answer,
		body: mapDeep(answer.body, (value) => (isItem(value) ? change(value, context) : value)),
	});
}

/** A change to what a list says about its pages, given the query too. */
function eachMeta(change: (meta: Item, query: Readonly<Record<string, string>>) => Item): Change {
	return (answer) =>
		isItem(answer.body) && isItem(answer.body.meta)
			? { ...answer, body: { ...answer.body, meta: change(answer.body.meta, answer.query ?? {}) } }
			: answer;
}

/** A change to what is delivered to a webhook. */
function eachEvent(change: (event: Item & { event: string; data: Item }) => Item): Change {
	return (answer) => {
		const { event, data, ...more } = asItem(answer.body);
		return answer.operationId === EVENT && typeof event === 'string'
			? { ...answer, body: change({ ...more, event, data: asItem(data) }) }
			: answer;
	};
}

/** The data of an event with its subjects under keys of their own. */
function nested(event: string, data: Item): Item {
	const [kind] = event.split('.');
	if (kind !== 'signer') return { [kind === 'document' ? 'document' : 'bulkSend']: data };
	const { documentId, ...signer } = data;
	return { document: { id: documentId }, signer };
}

function named(event: Item & { event: string }, rename: (name: string) => string): Item {
	return { ...event, event: rename(event.event) };
}

/** A change to the place and size of every field. */
function eachPlace(change: (value: number, key: string) => number): Change {
	return eachItem((item) =>
		isField(item)
			? mapValues(item, (value, key) =>
					PLACE.includes(key) && typeof value === 'number' ? change(value, key) : value,
				)
			: item,
	);
}

const PLACE = ['x', 'y', 'width', 'height'];

function mapDeep(value: unknown, change: (value: unknown) => unknown): unknown {
	if (Array.isArray(value)) return value.map((item) => mapDeep(item, change));
	return change(isItem(value) ? mapValues(value, (item) => mapDeep(item, change)) : value);
}

function mapValues(item: Item, change: (value: unknown, key: string) => unknown): Item {
	return Object.fromEntries(
		Object.entries(item).map(([key, value]) => [key, change(value, key)] as const),
	);
}

function reversed(list: readonly unknown[]): unknown[] {
	return [...list].reverse();
}

function without(item: Item, keys: readonly string[]): Item {
	return Object.fromEntries(Object.entries(item).filter(([key]) => !keys.includes(key)));
}

function isItem(value: unknown): value is Item {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asItem(value: unknown): Item {
	return isItem(value) ? value : {};
}

const isDocument = (item: Item): boolean => 'signingType' in item;
const isSigner = (item: Item): boolean => 'email' in item && 'order' in item;
const isField = (item: Item): boolean => 'assignedTo' in item;

function toFour(value: number): number {
	return Math.round(value * 10_000) / 10_000;
}
