import type { INodeParameters } from 'n8n-workflow';

import { byId, type Bench } from '../engine/insigner';
import type { FormName, JournalEmail, StoredDocument } from '../sandbox/sandbox';
import { addSalesOffer } from '../sandbox/seed';

type Item = Awaited<ReturnType<Bench['pdfItem']>>;

/** What one item, or one bulk send, should bring about. */
export interface Contract {
	/** Index of its input item; the first one of a bulk send. */
	readonly item: number;
	/** Name of the document, or of the bulk send. */
	readonly name: string;
	/** The people it emails at once. */
	readonly due: readonly string[];
	/** For a bulk send: the recipients, numbered from 1 as in messages. */
	readonly rows?: { readonly from: number; readonly to: number };
	/** The document, if it existed before. */
	readonly documentId?: string;
	/** What fields of the document must hold, locked. */
	readonly values?: ReadonlyArray<{ readonly label: string; readonly value: string }>;
	/** Who the fields of the document must belong to, by their places. */
	readonly owners?: ReadonlyArray<{
		readonly x: number;
		readonly y: number;
		readonly email: string;
	}>;
}

/** Everything one run needs, with names and addresses that no other run uses. */
export interface PreparedRun {
	readonly parameters: INodeParameters;
	readonly items: Item[];
	readonly contracts: Contract[];
}

/** What a run is prepared with. */
export interface Wishes {
	/** Makes names and addresses unique. */
	readonly tag: string;
	/** How many items, if each is a contract. */
	readonly count: number;
	/** What happens to a draft that cannot be sent. */
	readonly keepDraft: boolean;
}

/** An operation that emails people. */
export interface Sending {
	readonly title: string;
	readonly resource: string;
	readonly operation: string;
	/** The emails people get from it. */
	readonly emails: JournalEmail['kind'];
	/** Requests after which people may have been emailed. */
	readonly mailing: readonly string[];
	/** Whether several items make several contracts. */
	readonly perItem: boolean;
	/** Whether it creates drafts that can be kept or deleted. */
	readonly makesDrafts: boolean;
	/** Forms whose answers matter to it, in addition to those that concern all. */
	readonly forms: readonly FormName[];
	/** Forms in which it is refused, although others are sent. */
	readonly refusedIn?: readonly FormName[];
	/** Whether an agent calls it instead of a workflow. */
	readonly asTool?: true;
	/** Whether only the requests that email people are tried with every answer. */
	readonly isVariant?: true;
	/** Roughly how many requests it makes per item. */
	readonly requests: number;
	/** How many of the others it takes as long as. */
	readonly weight?: number;
	prepare(bench: Bench, wishes: Wishes): Promise<PreparedRun> | PreparedRun;
}

const tagged = ({ tag, count }: Wishes): Item[] =>
	Array.from({ length: count }, (_, index) => ({ json: { tag: `${tag}-${index}` } }));

const tagOf = ({ json }: Item): string => String(json.tag);

const ifNotSent = ({ keepDraft }: Wishes): INodeParameters => ({
	ifNotSent: keepDraft ? 'keepDraft' : 'deleteDraft',
});

function templateId(bench: Bench, slots: number): INodeParameters {
	const found = bench.sandbox.store.templates.all().find((one) => one.slots.length === slots);
	if (!found) throw new Error(`The sandbox has no template with ${slots} slots`);
	return byId(found.id);
}

const SIGNER_FORMS: FormName[] = [
	'extraViewer',
	'extraOwner',
	'extraSigner',
	'extraApprover',
	'ordersFromOne',
	'assignedToFromOne',
	'signersReversed',
	'orderNullInParallel',
];

const createAndSend = (signingType: 'sequential' | 'parallel'): Sending => ({
	title: signingType === 'parallel' ? 'Create and Send, parallel' : 'Create and Send',
	requests: 11,
	...(signingType === 'parallel' && { isVariant: true }),
	resource: 'document',
	operation: 'createAndSend',
	emails: 'invitation',
	mailing: ['sendDocument'],
	perItem: true,
	makesDrafts: true,
	forms: [
		...SIGNER_FORMS,
		'pagesFromZero',
		'assignedToAsText',
		'assignedToAsSignerId',
		'roundedCoordinates',
		'coordinatesInPercent',
		'coordinatesInPixels',
		'optionsAsJson',
		'uploadNeedsConfirming',
		'uploadNeedsHeaders',
	],
	prepare: async (bench, wishes) => {
		const { binary } = await bench.pdfItem();
		const items = tagged(wishes).map((item) => ({ ...item, binary }));
		const place = {
			position: 'coordinates',
			page: 1,
			x: 72.4,
			fieldOptions: { width: 180.2, height: 50 },
		};
		const signature = { type: 'signature', ...place };
		const fields = [
			...['1', '2'].map((signer, index) => ({ ...signature, signer, y: 500 + 60 * index })),
			{ type: 'dropdown', ...place, signer: '1', y: 640, options: ['Red', 'Green'] },
		];
		const people = ['Ann', 'Bob'];
		const due = (item: Item): string[] =>
			people.map((person) => `${person}.${tagOf(item)}@Example.com`);
		return {
			items,
			parameters: {
				name: '=Contract {{ $json.tag }}',
				binaryPropertyName: 'data',
				signers: {
					signer: people.map((person) => ({
						name: `${person}  van Dyke`,
						email: `=${person}.{{ $json.tag }}@Example.com`,
						role: 'signer',
						phone: '',
					})),
				},
				specifyFields: 'form',
				fields: { field: fields },
				options: { signingType, ...ifNotSent(wishes) },
			},
			contracts: items.map((item, index) => ({
				item: index,
				name: `Contract ${tagOf(item)}`,
				// In sequence: the second person is emailed when the first has signed.
				due: signingType === 'parallel' ? due(item) : due(item).slice(0, 1),
				owners: fields.map(({ x, y, signer }) => ({
					x,
					y,
					email: due(item)[Number(signer) - 1] ?? '',
				})),
			})),
		};
	},
});

/** A document of two people who sign at the same time. */
function seedDocument({ sandbox }: Bench, name: string, due: readonly string[]): StoredDocument {
	const [document] = sandbox.store.seedDocuments(1, { name, signingType: 'parallel' });
	const [signer] = document?.signers ?? [];
	const [field] = document?.fields ?? [];
	if (!document || !signer || !field) throw new Error('The sandbox made no document');
	document.signers = due.map((email, order) => ({
		...signer,
		id: `${signer.id}-${order}`,
		email,
		order,
	}));
	document.fields = due.map((_, order) => ({
		...field,
		id: `${field.id}-${order}`,
		assignedTo: order,
	}));
	return document;
}

/** Runs over documents that exist before. */
function overDocuments(
	bench: Bench,
	wishes: Wishes,
	parameters: INodeParameters,
	asTool: boolean,
	prepareOne: (document: StoredDocument) => void = () => undefined,
): PreparedRun {
	const contracts = tagged(wishes).map((item, index): Contract => {
		const name = `Paper ${tagOf(item)}`;
		const due = ['ann', 'bob'].map((person) => `${person}.${tagOf(item)}@example.com`);
		const document = seedDocument(bench, name, due);
		prepareOne(document);
		return { item: index, name, due, documentId: document.id };
	});
	const [first] = contracts;
	return {
		items: contracts.map(({ documentId = '' }) => ({ json: { documentId } })),
		parameters: {
			documentId: byId(asTool ? (first?.documentId ?? '') : '={{ $json.documentId }}'),
			...parameters,
		},
		contracts,
	};
}

const tool = { asTool: true, perItem: false, isVariant: true } as const;

const send = (asTool: boolean): Sending => ({
	title: asTool ? 'Send, as a tool' : 'Send',
	requests: 3,
	resource: 'document',
	operation: 'send',
	emails: 'invitation',
	mailing: ['sendDocument'],
	perItem: true,
	makesDrafts: false,
	forms: ['ordersFromOne', 'assignedToFromOne', 'signersReversed', 'orderNullInParallel'],
	...(asTool && tool),
	prepare: (bench, wishes) => overDocuments(bench, wishes, { options: {} }, asTool),
});

const remind = (asTool: boolean): Sending => ({
	title: asTool ? 'Send Reminder, as a tool' : 'Send Reminder',
	requests: 2,
	resource: 'document',
	operation: 'sendReminder',
	emails: 'reminder',
	mailing: ['remindDocument'],
	perItem: true,
	makesDrafts: false,
	forms: [],
	...(asTool && tool),
	prepare: (bench, wishes) =>
		overDocuments(bench, wishes, { remind: 'inTurn' }, asTool, (document) => {
			document.status = 'pending';
			for (const signer of document.signers) signer.token = `token-${signer.id}`;
		}),
});

const fromTemplate = (asTool: boolean): Sending => ({
	title: asTool ? 'From Template, as a tool' : 'From Template, sent',
	requests: 5,
	resource: 'template',
	operation: 'createDocument',
	emails: 'invitation',
	mailing: ['useTemplate', 'sendDocument'],
	perItem: true,
	makesDrafts: true,
	forms: [
		...SIGNER_FORMS,
		'useAnswersWithoutId',
		'useTakesOnlyName',
		'useIgnoresSigners',
		'useGivesOrderZero',
		'useSendsAtOnce',
	],
	...(asTool && tool),
	prepare: (bench, wishes) => {
		const items = tagged(wishes);
		const people = ['ann', 'bob'];
		const due = (item: Item): string[] =>
			people.map((person) => `${person}.${tagOf(item)}@example.com`);
		const [first] = items;
		const signers = (item: Item): Array<{ name: string; email: string }> =>
			due(item).map((email, index) => ({ name: people[index] ?? '', email }));
		return {
			items,
			parameters: {
				templateId: templateId(bench, 2),
				name: asTool && first ? `NDA ${tagOf(first)}` : '=NDA {{ $json.tag }}',
				specifySigners: 'json',
				signersJson:
					asTool && first
						? JSON.stringify(signers(first))
						: '={{ ["ann", "bob"].map((name) => ({ name, email: `${name}.${$json.tag}@example.com` })) }}',
				afterCreating: 'send',
				options: ifNotSent(wishes),
			},
			contracts: items.map((item, index) => ({
				item: index,
				name: `NDA ${tagOf(item)}`,
				due: due(item).slice(0, 1),
				owners: due(item).flatMap((email, slot) =>
					[600, 670, 695].map((y) => ({ x: 72 + slot * 250, y, email })),
				),
			})),
		};
	},
});

/** A template of its own: others are found by how many slots they have. */
async function offerOf({ sandbox }: Bench): Promise<string> {
	const { templates } = sandbox.store;
	const known = templates.all().find(({ name }) => name === 'Sales Offer');
	return (known ?? (await addSalesOffer(sandbox.store, '2026-01-01T00:00:00.000Z'))).id;
}

const NO_VALUES: FormName[] = ['fieldUpdateUnknown', 'fieldUpdateRefused', 'readOnlyIgnored'];

const withValues = (): Sending => ({
	...fromTemplate(false),
	title: 'From Template, with values',
	requests: 8,
	isVariant: true,
	mailing: ['useTemplate', 'updateField', 'sendDocument'],
	forms: [
		...NO_VALUES,
		'extraViewer',
		'extraSigner',
		'assignedToAsText',
		'optionsAsJson',
		'pagesFromZero',
		'roundedCoordinates',
		'coordinatesInPercent',
		'coordinatesInPixels',
		'useTakesOnlyName',
		'useIgnoresSigners',
	],
	refusedIn: NO_VALUES,
	prepare: async (bench, wishes) => {
		const { items, contracts, parameters } = await fromTemplate(false).prepare(bench, wishes);
		return {
			items,
			parameters: {
				...parameters,
				templateId: byId(await offerOf(bench)),
				specifyValues: 'json',
				valuesJson: { Price: 1200, Plan: 'Pro' },
			},
			contracts: contracts.map((contract) => ({
				...contract,
				values: [
					{ label: 'Price', value: '1200' },
					{ label: 'Plan', value: 'Pro' },
				],
			})),
		};
	},
});

/** The most recipients of one bulk send. */
const CHUNK = 500;

const bulkSend = (title: string, recipients: number, chunks: number, asTool = false): Sending => ({
	title,
	requests: 2 * chunks,
	resource: 'bulkSend',
	operation: 'create',
	emails: 'invitation',
	mailing: ['createBulkSend'],
	perItem: false,
	makesDrafts: false,
	forms: [],
	...(asTool && tool),
	...(chunks > 1 && { weight: 10 }),
	prepare: (bench, { tag }) => {
		const name = `Bulk ${tag}`;
		const emails = Array.from({ length: recipients }, (_, n) => `p${n}.${tag}@example.com`);
		const people = emails.map((email, n) => ({ name: `Person ${n}`, email }));
		return {
			items: people.map((json) => ({ json })),
			parameters: {
				templateId: templateId(bench, 1),
				name,
				...(asTool
					? {
							recipientsFrom: 'list',
							recipients: { recipient: people.map((person) => ({ ...person, phone: '' })) },
						}
					: {
							recipientsFrom: 'items',
							recipientName: '={{ $json.name }}',
							recipientEmail: '={{ $json.email }}',
							recipientPhone: '',
						}),
				options: {},
			},
			contracts: Array.from({ length: chunks }, (_, index) => {
				const due = emails.slice(index * CHUNK, (index + 1) * CHUNK);
				return {
					item: index * CHUNK,
					name: chunks === 1 ? name : `${name} (${index + 1}/${chunks})`,
					due,
					rows: { from: index * CHUNK + 1, to: index * CHUNK + due.length },
				};
			}),
		};
	},
});

/** Every operation that emails people. */
export const SENDINGS: readonly Sending[] = [
	createAndSend('sequential'),
	createAndSend('parallel'),
	send(false),
	remind(false),
	fromTemplate(false),
	withValues(),
	bulkSend('Bulk Send of 3', 3, 1),
	bulkSend('Bulk Send of 501', 501, 2),
	send(true),
	remind(true),
	fromTemplate(true),
	bulkSend('Bulk Send, as a tool', 3, 1, true),
];
