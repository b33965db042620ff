import type { INodeParameters } from 'n8n-workflow';

import { byId, type Bench } from '../engine/insigner';

type Item = Awaited<ReturnType<Bench['pdfItem']>>;

/** What one item, or one bulk send, shall bring about. */
export interface Contract {
	/** Index of its input item; the first one of a bulk send. */
	readonly item: number;
	/** Name of the document, or of the bulk send. */
	readonly name: string;
	/** Whom sending it mails at once. */
	readonly due: readonly string[];
	/** Of a bulk send: the recipients, numbered from 1 as messages do. */
	readonly rows?: { readonly from: number; readonly to: number };
	/** The draft, where it was there before. */
	readonly draftId?: string;
}

/** Everything one run needs, with names and addresses that no other run has. */
export interface PreparedRun {
	readonly parameters: INodeParameters;
	readonly items: Item[];
	readonly contracts: Contract[];
}

/** An operation that mails people. */
export interface Sending {
	readonly title: string;
	readonly resource: string;
	readonly operation: string;
	/** Its requests when nothing goes wrong, for one item. */
	readonly steps: readonly string[];
	/** Whether several items make several contracts. */
	readonly perItem: boolean;
	/** @param tag - makes names and addresses unique; @param count - how many items, where each is a contract */
	prepare(bench: Bench, tag: string, count: number): Promise<PreparedRun> | PreparedRun;
}

const tagged = (tag: string, count: number): Item[] =>
	Array.from({ length: count }, (_, index) => ({ json: { tag: `${tag}-${index}` } }));

const tagOf = ({ json }: Item): string => String(json.tag);

function templateId(bench: Bench, slots: number): INodeParameters {
	const found = bench.sandbox.store.templates.all().find((one) => one.slots.length === slots);
	if (!found) throw new Error(`The sandbox has no template with ${slots} slots`);
	return byId(found.id);
}

const createAndSend: Sending = {
	title: 'Create and Send',
	resource: 'document',
	operation: 'createAndSend',
	perItem: true,
	steps: [
		'createDocument',
		'requestUpload',
		'upload',
		'addSigner',
		'addSigner',
		'addField',
		'addField',
		'getDocument',
		'sendDocument',
		'getDocument',
	],
	prepare: async (bench, tag, count) => {
		const { binary } = await bench.pdfItem();
		const items = tagged(tag, count).map((item) => ({ ...item, binary }));
		const field = {
			type: 'signature',
			position: 'coordinates',
			page: 1,
			x: 72,
			width: 180,
			height: 50,
		};
		return {
			items,
			parameters: {
				name: '=Contract {{ $json.tag }}',
				binaryPropertyName: 'data',
				signers: {
					signer: ['ann', 'bob'].map((name) => ({
						name,
						email: `=${name}.{{ $json.tag }}@example.com`,
						role: 'signer',
						phone: '',
					})),
				},
				fields: {
					field: ['1', '2'].map((signer, index) => ({ ...field, signer, y: 600 + 60 * index })),
				},
				options: {},
			},
			// One after the other: the second person is mailed when the first has signed.
			contracts: items.map((item, index) => ({
				item: index,
				name: `Contract ${tagOf(item)}`,
				due: [`ann.${tagOf(item)}@example.com`],
			})),
		};
	},
};

const send: Sending = {
	title: 'Send',
	resource: 'document',
	operation: 'send',
	perItem: true,
	steps: ['sendDocument', 'getDocument'],
	prepare: ({ sandbox }, tag, count) => {
		const contracts = tagged(tag, count).map((item, index): Contract => {
			const name = `Draft ${tagOf(item)}`;
			const [draft] = sandbox.store.seedDocuments(1, { name, signingType: 'parallel' });
			const [signer] = draft?.signers ?? [];
			const [field] = draft?.fields ?? [];
			if (!draft || !signer || !field) throw new Error('The sandbox made no draft');
			const due = ['ann', 'bob'].map((person) => `${person}.${tagOf(item)}@example.com`);
			draft.signers = due.map((email, order) => ({
				...signer,
				id: `${signer.id}-${order}`,
				email,
				order,
			}));
			draft.fields = due.map((_, order) => ({
				...field,
				id: `${field.id}-${order}`,
				assignedTo: order,
			}));
			return { item: index, name, due, draftId: draft.id };
		});
		return {
			items: contracts.map(({ draftId = '' }) => ({ json: { draftId } })),
			parameters: { documentId: byId('={{ $json.draftId }}'), options: {} },
			contracts,
		};
	},
};

const fromTemplate: Sending = {
	title: 'From template, sent',
	resource: 'template',
	operation: 'createDocument',
	perItem: true,
	steps: ['getTemplate', 'useTemplate', 'getDocument', 'sendDocument', 'getDocument'],
	prepare: (bench, tag, count) => {
		const items = tagged(tag, count);
		return {
			items,
			parameters: {
				templateId: templateId(bench, 2),
				name: '=NDA {{ $json.tag }}',
				specifySigners: 'json',
				signersJson:
					'={{ ["ann", "bob"].map((name) => ({ name, email: `${name}.${$json.tag}@example.com` })) }}',
				send: true,
				options: {},
			},
			contracts: items.map((item, index) => ({
				item: index,
				name: `NDA ${tagOf(item)}`,
				due: [`ann.${tagOf(item)}@example.com`],
			})),
		};
	},
};

/** The most recipients of one bulk send. */
const CHUNK = 500;

const bulkSend = (title: string, recipients: number, chunks: number): Sending => ({
	title,
	resource: 'bulkSend',
	operation: 'create',
	perItem: false,
	steps: Array.from({ length: chunks }, () => 'createBulkSend'),
	prepare: (bench, tag) => {
		const name = `Bulk ${tag}`;
		const emails = Array.from({ length: recipients }, (_, n) => `p${n}.${tag}@example.com`);
		return {
			items: emails.map((email, n) => ({ json: { name: `Person ${n}`, email } })),
			parameters: {
				templateId: templateId(bench, 1),
				name,
				recipientsFrom: 'items',
				recipientName: '={{ $json.name }}',
				recipientEmail: '={{ $json.email }}',
				recipientPhone: '',
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

/** Every operation that mails people. */
export const SENDINGS: readonly Sending[] = [
	createAndSend,
	send,
	fromTemplate,
	bulkSend('Bulk Send of 3', 3, 1),
	bulkSend('Bulk Send of 501', 501, 2),
];
