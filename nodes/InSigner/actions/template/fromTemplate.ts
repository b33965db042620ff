import type { IDisplayOptions, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import type { BodyOf, DataOf } from '../../api/endpoint';
import { isRefusedField, isUnclear } from '../../api/errors';
import { hint } from '../../api/hints';
import { inLines, reasonOf } from '../../api/nodeErrors';
import { request } from '../../api/request';
import { addSignerOnce } from '../../documents/addSigner';
import { comparePeople } from '../../documents/comparing';
import { fillFields } from '../../documents/fillFields';
import { asPossiblyMailed } from '../../documents/possiblyMailed';
import { idOf, lookUntil, wasSent, type DocumentWithSigners } from '../../documents/reading';
import { sendDraft } from '../../documents/sending';
import { requireNoProblems } from '../../parameters/checks';
import { OPTIONS } from '../../parameters/collections';
import { parametersOf } from '../../parameters/parameters';
import { chosenId, templatePicker } from '../../parameters/pickers';
import { fieldValuesProperties, readFieldValues } from '../../templates/fieldValues';
import {
	inOrder,
	readSlotSigners,
	slotsProperties,
	type Slot,
	type SlotSigner,
} from '../../templates/slots';
import { readTemplate } from '../../templates/reading';
import { documentResult, outputOptions, signingLinksOption } from '../document/documentOutput';
import { readDocumentSettings, withSettings } from '../document/documentSettings';
import { sendDocumentOnce } from '../document/sendDocumentOnce';
import { ifNotSentOption, keepsDraft, settleUnsent } from '../document/unsentDraft';
import { withMessage } from '../errorTexts';
import { hintAtMissingPhones } from '../missingPhones';
import type { Result } from '../operation';
import { readSendOnceFor, sendOnceForOption } from '../sendOnce';

/** The template, who fills its slots, and what its fields hold. */
export const templateProperties: INodeProperties[] = [
	templatePicker,
	...slotsProperties,
	...fieldValuesProperties,
];

export const nameFromTemplateProperty: INodeProperties = {
	displayName: 'Document Name',
	name: 'name',
	type: 'string',
	default: '',
	placeholder: 'e.g. NDA Acme',
	description: 'Name of the document as the signers see it. Defaults to the name of the template.',
};

/**
 * The options for creating a document from a template.
 *
 * @param whenSent - when the document is sent, if that is a choice
 */
export function fromTemplateOptions(whenSent?: IDisplayOptions): INodeProperties {
	const sendOnce = { ...sendOnceForOption, ...(whenSent && { displayOptions: whenSent }) };
	return {
		...OPTIONS,
		options: withSettings(ifNotSentOption, sendOnce, ...outputOptions),
	};
}

/**
 * Creates a document from a template, one signer per slot. What the service answers here is only partly known, so the
 * document is read back: missing signers are added, wrong ones stop it, values are filled in and compared, and it is
 * sent only from draft.
 *
 * @param ctx - n8n's execution context
 * @param itemIndex - index of the input item, from 0
 * @param send - whether it is sent
 * @returns the document as the output item
 * @throws NodeApiError or NodeOperationError that begins with the name of the document and what did not happen
 * @see https://docs.insigner.co/api/templates
 */
export async function makeFromTemplate(
	ctx: IExecuteFunctions,
	itemIndex: number,
	send: boolean,
): Promise<Result[]> {
	const options = parametersOf(ctx, itemIndex).collection(OPTIONS);
	const keepDraft = keepsDraft(options);
	const key = send ? readSendOnceFor(options) : undefined;
	const toResult = documentResult(ctx, itemIndex);
	const withSigningLinks = options.yesNo(signingLinksOption);
	const templateId = chosenId(ctx, templatePicker, itemIndex);
	const { name, settings, problems } = readDocumentSettings(ctx, itemIndex, false);
	requireNoProblems(ctx, itemIndex, problems);
	const template = await readTemplate(ctx, templateId, itemIndex).catch((error: unknown) => {
		const message = `"${name || templateId}" was not ${send ? 'sent' : 'created'}, could not read the template: ${reasonOf(error)}`;
		throw withMessage(ctx, error, message, [], itemIndex);
	});
	const signers = readSlotSigners(ctx, itemIndex, template.signers);
	const values = readFieldValues(ctx, itemIndex, template);
	const people = inOrder(template.signers).flatMap((slot, index) => {
		const signer = signers[index];
		return signer ? [toPerson(slot, signer)] : [];
	});
	hintAtMissingPhones(ctx, people);

	let step = 'create it from the template';
	let documentId: string | undefined;
	const makeAndSend = async (created: (documentId: string) => Promise<void>) => {
		documentId = await useTemplate(
			ctx,
			templateId,
			{ ...(name && { name }), signers, ...settings },
			itemIndex,
		);
		await created(documentId);
		step = 'compare its signers with those asked for';
		let document = await withPeople(ctx, documentId, people, itemIndex);
		if (values.length > 0) {
			step = 'fill in its values';
			document = await fillFields(ctx, document, values, itemIndex);
		}
		if (!send || wasSent(document)) return document;
		step = SEND;
		if (document.status !== 'draft') throw asPossiblyMailed(noDraft(ctx, document, itemIndex));
		const draft = { documentId, own: true, asRead: document, withSigningLinks };
		return await sendDraft(ctx, draft, itemIndex);
	};
	const settle = async (error: unknown) => {
		const unsent = {
			name: name || template.name,
			documentId,
			step,
			wanted: send ? 'sent' : 'created',
			keepDraft,
			sending: step === SEND,
			error,
		} as const;
		return await settleUnsent(ctx, unsent, itemIndex);
	};
	const named = { key, name: name || template.name, toResult };
	return [
		await sendDocumentOnce(
			ctx,
			itemIndex,
			named,
			async (created) => await makeAndSend(created).catch(settle),
		),
	];
}

const SEND = 'send it';

/** Using a template may send at once, and an unknown status may be that of a document that was sent. */
function noDraft(
	ctx: IExecuteFunctions,
	{ status }: DocumentWithSigners,
	itemIndex: number,
): NodeOperationError {
	return new NodeOperationError(
		ctx.getNode(),
		`it is ${status}, which isn't a draft, so it may have been sent already`,
		{ itemIndex },
	);
}

/** A signer as the API takes one, with its slot's place in the template. */
type Person = SlotSigner & { role: Slot['role']; order: number };

function toPerson({ role, sortOrder }: Slot, signer: SlotSigner): Person {
	return { ...signer, role, order: sortOrder };
}

/**
 * Whether using a template sends the document at once is not documented, so everything but a clear refusal may
 * have emailed people.
 *
 * @returns the id of the new document
 */
async function useTemplate(
	ctx: IExecuteFunctions,
	templateId: string,
	body: BodyOf<'useTemplate'>,
	itemIndex: number,
): Promise<string> {
	const use = async (asked: BodyOf<'useTemplate'>) =>
		await request(ctx, 'useTemplate', { path: { templateId }, body: asked, itemIndex });
	const { data, requestId } = await use(body)
		.catch(async (error: unknown) => {
			// It is only inferred that people can be given here. A request that got a 422 was not carried out, so they are
			// added afterwards.
			if (!isRefusedField(error, 'signers')) throw error;
			return await use({ ...body, signers: undefined });
		})
		.catch((error: unknown) => {
			throw isUnclear(error) ? asPossiblyMailed(error) : error;
		});
	const id = idOf(data as DataOf<'useTemplate'> | undefined);
	if (id !== undefined) return id;
	throw asPossiblyMailed(
		new NodeOperationError(ctx.getNode(), 'inSigner did not say which document it created', {
			itemIndex,
			description: inLines([requestId && `inSigner request ID: ${requestId}`]),
		}),
	);
}

/**
 * Reads the new document and brings its people in line with what was asked for, or stops before anyone is emailed: no
 * one may be missing, and no one else may sign or approve. Someone missing may just not show yet, so the document is
 * read again.
 */
async function withPeople(
	ctx: IExecuteFunctions,
	documentId: string,
	people: Person[],
	itemIndex: number,
): Promise<DocumentWithSigners> {
	const look = async () => {
		let found = { missing: [''], wrong: [''], besides: [''], held: new Set<object>() };
		const document = await lookUntil(ctx, documentId, itemIndex, (seen) => {
			const { missing, wrong, besides, heldOf } = comparePeople(seen, people);
			const held = new Set<object>(heldOf.keys());
			found = { missing, wrong, besides, held };
			return wrong.length > 0 || missing.length === 0;
		});
		return { document, ...found };
	};
	const stop = (document: DocumentWithSigners | undefined, lines: string[]) => {
		const error = new NodeOperationError(
			ctx.getNode(),
			document
				? 'inSigner holds other people than asked for'
				: 'the new document could not be read',
			{ itemIndex, description: inLines(lines) },
		);
		return document?.status === 'draft' ? error : asPossiblyMailed(error);
	};

	let { document, missing, wrong, besides, held } = await look();
	if (document?.status === 'draft' && wrong.length === 0 && missing.length > 0) {
		const known = new Set(document.signers.map(({ id }) => id));
		for (const person of people) {
			if (!held.has(person)) {
				await addSignerOnce(ctx, documentId, person, known, itemIndex);
			}
		}
		({ document, missing, wrong, besides, held } = await look());
	}
	if (!document || wrong.length > 0 || missing.length > 0)
		throw stop(document, [...wrong, ...missing]);
	for (const sentence of besides) hint(ctx, sentence);
	return document;
}
