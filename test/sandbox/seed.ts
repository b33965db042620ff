import type { components } from '../../nodes/InSigner/api/schema';
import { newId } from './newId';
import { makePdf } from './samplePdf';
import { Store, type StoredOrganization, type StoredTemplate } from './store';

type TemplateField = components['schemas']['TemplateField'];

interface Blueprint {
	readonly name: string;
	readonly description: string;
	readonly category: string;
	readonly slots: readonly string[];
	readonly paragraphs: readonly string[];
}

const NDA: Blueprint = {
	name: 'Standard NDA',
	description: 'Mutual non-disclosure agreement',
	category: 'Legal',
	slots: ['Party A', 'Party B'],
	paragraphs: [
		'This agreement is made between Party A and Party B, who sign below.',
		'1. Each party keeps secret what the other one tells it in confidence.',
		'2. It uses such information only for the purpose the parties talk about.',
		'3. This duty ends three years after the last signature.',
	],
};

const EMPLOYMENT: Blueprint = {
	name: 'Employment Contract',
	description: 'Permanent position, full time',
	category: 'HR',
	slots: ['Employee'],
	paragraphs: [
		'Acme Corporation employs the person who signs below.',
		'1. The work begins on the first working day of the coming month.',
		'2. The weekly working time is forty hours.',
		'3. Either side can end this contract with three months notice.',
	],
};

const EXTRA: Blueprint = {
	name: 'Template',
	description: 'A plain agreement',
	category: 'General',
	slots: ['Signer'],
	paragraphs: ['The person who signs below agrees.'],
};

const OFFER: Blueprint = {
	name: 'Sales Offer',
	description: 'A subscription, with the price and the dates to fill in',
	category: 'Sales',
	slots: ['Seller', 'Customer'],
	paragraphs: [
		'The seller offers the customer the subscription described on the next page.',
		'1. The offer is accepted when both have signed below.',
	],
};

/** What the second page of the offer says, above the fields on it. */
const TERMS = ['Price', 'Start and plan', 'Order number'];

/** The same bytes for every sandbox of this process, since generating them takes a while. */
let pdfs: Promise<{ nda: Uint8Array; employment: Uint8Array; extra: Uint8Array }> | undefined;

async function makePdfs(): Promise<{ nda: Uint8Array; employment: Uint8Array; extra: Uint8Array }> {
	const [nda, employment, extra] = await Promise.all(
		[NDA, EMPLOYMENT, EXTRA].map((blueprint) => makePdf(blueprint.name, blueprint.paragraphs)),
	);
	if (!nda || !employment || !extra) throw new Error('No PDF was made');
	return { nda, employment, extra };
}

/**
 * A store with an organization of three members and its templates ("Standard NDA" with two slots, "Employment
 * Contract" with one, and `extraTemplates` more), and a second organization with one document and one template.
 *
 * @param at ISO time at which everything was created
 */
export async function seededStore(extraTemplates: number, at: string): Promise<Store> {
	pdfs ??= makePdfs();
	const { nda, employment, extra } = await pdfs;
	const own = organization('Acme Corporation', 'acme-corporation', at);
	const other = organization('Globex', 'globex', at);
	const store = new Store({ own, other }, employment);
	for (let number = extraTemplates; number >= 1; number -= 1) {
		const blueprint = { ...EXTRA, name: `Template ${number}` };
		store.templates.add(template(blueprint, extra, own.id, at));
	}
	store.templates.add(template(EMPLOYMENT, employment, own.id, at));
	store.templates.add(template(NDA, nda, own.id, at));
	store.templates.add(template({ ...EXTRA, name: 'Globex Terms' }, extra, other.id, at));
	store.seedDocuments(1, { organizationId: other.id, name: 'Globex Contract', createdAt: at });
	return store;
}

/**
 * Adds the template "Sales Offer" of the own organization, whose fields hold values of every kind. Two of them have the
 * same label, page and slot: "Discount".
 *
 * @param at ISO time at which it was created
 */
export async function addSalesOffer(store: Store, at: string): Promise<StoredTemplate> {
	const pdf = await makePdf(OFFER.name, OFFER.paragraphs, TERMS);
	const offer = template(OFFER, pdf, store.organizations.own.id, at);
	const value = (
		type: TemplateField['type'],
		label: string,
		slot: number,
		line: number,
		more: Partial<TemplateField> = {},
	): TemplateField => ({
		...field(type, label, slot, 150 + 40 * line, 180, 24),
		...{ page: 2, required: false },
		...more,
	});
	offer.fields.push(
		value('number', 'Price', 1, 0, { required: true, defaultValue: '100' }),
		value('date', 'Start Date', 1, 1),
		value('dropdown', 'Plan', 1, 2, { options: ['Basic', 'Pro'] }),
		value('radio_group', 'Billing', 1, 3, { options: ['Monthly', 'Yearly'] }),
		value('checkbox', 'Support', 1, 4),
		value('number', 'Discount', 1, 5),
		value('number', 'Discount', 1, 6),
		value('textarea', 'Remarks', 1, 7),
		value('formula', 'Total', 1, 8, { defaultValue: '{Price} - {Discount}' }),
		value('text', 'Order Number', 0, 0),
		value('phone', 'Phone', 0, 1),
		value('note', 'Note', 0, 2),
	);
	return store.templates.add(offer);
}

function organization(name: string, slug: string, at: string): StoredOrganization {
	const people = [
		{ name: 'Olivia Owner', role: 'owner' as const },
		{ name: 'Adam Admin', role: 'admin' as const },
		{ name: 'Mia Member', role: 'member' as const },
	];
	return {
		id: newId('org_'),
		name,
		slug,
		type: 'business',
		image: null,
		signatureLevel: 'advanced',
		timestampProvider: 'default',
		defaultOtpMethod: 'email',
		createdAt: at,
		updatedAt: at,
		members: people.map((person) => ({
			id: newId('usr_'),
			...person,
			email: `${person.name.split(' ')[0]?.toLowerCase()}@${slug}.test`,
			image: null,
			joinedAt: at,
		})),
	};
}

function template(
	blueprint: Blueprint,
	pdf: Uint8Array,
	organizationId: string,
	at: string,
): StoredTemplate {
	return {
		id: newId('tpl_'),
		organizationId,
		name: blueprint.name,
		description: blueprint.description,
		category: blueprint.category,
		usageCount: 0,
		isPublic: false,
		createdAt: at,
		updatedAt: at,
		pdf,
		slots: blueprint.slots.map((label, sortOrder) => ({
			id: newId('ts_'),
			role: 'signer',
			label,
			sortOrder,
		})),
		fields: blueprint.slots.flatMap((label, slot) => [
			field('signature', `${label} Signature`, slot, 600, 200, 60),
			field('name', `${label} Name`, slot, 670, 200, 20),
			field('date_signed', `${label} Date`, slot, 695, 120, 20),
		]),
	};
}

/** A field of a slot: the first slot on the left of the page, the second on the right. */
function field(
	type: TemplateField['type'],
	label: string,
	slot: number,
	y: number,
	width: number,
	height: number,
): TemplateField {
	return {
		id: newId('tf_'),
		type,
		label,
		page: 1,
		x: 72 + slot * 250,
		y,
		width,
		height,
		required: true,
		readOnly: false,
		assignedTo: slot,
		placeholder: null,
		defaultValue: null,
		options: null,
	};
}
