import type { NumberedIds } from './numberedIds';
import type { Store } from './store';

/**
 * Every form in which the real service might turn out to differ from insigner.openapi.yaml, and what it means. The
 * first ones are transformations of answers (below); those under "what the service does" are asked for by handlers.
 */
const MEANINGS = {
	numbersAsText: 'every number is a text',
	idsAsNumbers: 'ids are numbers; in requests both forms are known',
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
	lowerCaseAddresses: 'e-mail addresses are in lower case',
	trimmedNames: 'names lose outer spaces, and inner ones but one',
	statusInCapitals: 'a status is in capitals',
	americanCanceled: 'the status cancelled is written canceled',
	recipientsForSigners: 'the signers of a document are under recipients',
	bareDocument: 'a document is read without its signers and fields',
	useAnswersWithoutId: 'using a template answers without the id of the document',
	documentWrapped: 'data of one document is { document: ... }',
	noMeta: 'lists have no meta',
	emptyLastPage: 'lists say hasMore for ever and end in empty pages',
	status201: 'a POST that worked answers 201',
	status202: 'a POST that worked answers 202',
	status204: 'what needs no answer gets 204 without a body',
	emptyBody: 'what needs no answer gets 200 without a body',
	errorsAsText: 'errors are plain text',
	errorsInEnvelope: 'errors are { error: { code, message } }',

	// What the service does.
	extraViewer: 'the service adds a viewer of its own to a new document',
	extraSigner: 'the service adds a signer of its own to a new document',
	extraApprover: 'the service adds an approver of its own to a new document',
	useTakesOnlyName: 'using a template takes a name and refuses signers with 422',
	useIgnoresSigners: 'using a template ignores the signers',
	useGivesOrderZero: 'using a template gives all signers the order 0',
	useSendsAtOnce: 'using a template sends the document at once',
	uploadNeedsConfirming: 'an uploaded file counts only after a step nobody knows',
} as const;

export type FormName = keyof typeof MEANINGS;

/** Which forms are on. A test sets them; none is on at first. */
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

/** An answer as it goes out. A body that is undefined is empty; one of text/plain is a text. */
export interface ShownAnswer {
	readonly operationId: string | undefined;
	readonly method: string;
	readonly status: number;
	readonly contentType: 'application/json' | 'application/problem+json' | 'text/plain';
	readonly body: unknown;
}

/** What some forms need to know besides the answer. */
export interface FormContext {
	/** Where the signer behind a number is found. */
	readonly documents: Store['documents'];
	readonly ids: NumberedIds;
}

/** Brings an answer that keeps the contract into the forms that are on. */
export function inForms(forms: Forms, answer: ShownAnswer, context: FormContext): ShownAnswer {
	return FORM_NAMES.filter((name) => forms[name]).reduce((shown, name) => {
		const changes = shown.status >= 400 ? ERROR_FORMS : ANSWER_FORMS;
		return changes[name]?.(shown, context) ?? shown;
	}, answer);
}

type Change = (answer: ShownAnswer, context: FormContext) => ShownAnswer;
type Item = Record<string, unknown>;

/** Operations of which nobody needs to know more than that they worked. */
const NEEDS_NO_ANSWER = /^(send|remind|cancel|update|delete|remove)/;

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
	americanCanceled: eachItem((item) =>
		item.status === 'cancelled' ? { ...item, status: 'canceled' } : item,
	),
	recipientsForSigners: eachItem((item) => {
		if (!isDocument(item) || !('signers' in item)) return item;
		const { signers, ...rest } = item;
		return { ...rest, recipients: signers };
	}),
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
			? { ...answer, body: { data: { document: data } } }
			: answer;
	},
	noMeta: (answer) =>
		isItem(answer.body) ? { ...answer, body: without(answer.body, ['meta']) } : answer,
	emptyLastPage: (answer) => {
		if (!isItem(answer.body) || !isItem(answer.body.meta)) return answer;
		const { meta } = answer.body;
		if (meta.nextCursor !== null) return answer;
		// A cursor after which nothing comes.
		const nextCursor = Buffer.from('after:0').toString('base64url');
		return { ...answer, body: { ...answer.body, meta: { ...meta, hasMore: true, nextCursor } } };
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
	errorsInEnvelope: (answer) => {
		const { type, detail, errors } = asItem(answer.body);
		const code = String(type).split('/').at(-1);
		const body = { error: { code, message: detail, ...(errors !== undefined && { errors }) } };
		return { ...answer, contentType: 'application/json', body };
	},
};

/** A change of every object in an answer, from the inside out. */
function eachItem(change: (item: Item, context: FormContext) => Item): Change {
	return (answer, context) => ({
		...answer,
		body: mapDeep(answer.body, (value) => (isItem(value) ? change(value, context) : value)),
	});
}

/** A change of the place and the size of every field. */
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
