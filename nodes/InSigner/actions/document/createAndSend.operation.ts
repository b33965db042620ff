import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { beyondCancellation } from '../../api/cancellation';
import type { BodyOf } from '../../api/endpoint';
import { isUnclear, type InSignerApiError } from '../../api/errors';
import { hint } from '../../api/hints';
import { inLines, withLines } from '../../api/nodeErrors';
import { uploadPdf } from '../../api/files';
import { list } from '../../api/pagination';
import { request } from '../../api/request';
import { addFieldOnce } from '../../documents/addField';
import { addSignerOnce } from '../../documents/addSigner';
import { compareDraft, type Differences } from '../../documents/comparing';
import { fewAtOnce } from '../../documents/fewAtOnce';
import { idOf, lookUntil, readDocument, type DocumentWithSigners } from '../../documents/reading';
import { isAboutTheFile, sendDraft } from '../../documents/sending';
import { requireNoProblems, type Problem } from '../../parameters/checks';
import { OPTIONS } from '../../parameters/collections';
import { parametersOf } from '../../parameters/parameters';
import type { FieldInput } from '../field/fieldInput';
import {
	automaticFieldsOptions,
	readFields,
	specifyFieldsProperties,
} from '../field/fieldsReading';
import { hintAtMissingPhones } from '../missingPhones';
import type { ItemOperation } from '../operation';
import { readSigners, signersProperties, type SignerInput } from '../signer/signerInput';
import {
	documentResult,
	onceByDocument,
	outputOptions,
	signingLinksOption,
} from './documentOutput';
import { readSendOnceFor, sendOnceForOption } from '../sendOnce';
import { documentNameProperty, readDocumentSettings, withSettings } from './documentSettings';
import { pdfProperty, readPdf } from './pdfInput';
import { sendDocumentOnce } from './sendDocumentOnce';
import { ifNotSentOption, keepsDraft, settleUnsent } from './unsentDraft';

const draftOnlyOption: INodeProperties = {
	displayName: 'Draft Only',
	name: 'draftOnly',
	type: 'boolean',
	default: false,
	description: 'Whether to stop before sending and keep a draft',
	builderHint: {
		propertyHint: 'Turn it on if a person has to look before anyone is emailed.',
	},
};

const optionsProperty: INodeProperties = {
	...OPTIONS,
	options: withSettings(
		...automaticFieldsOptions,
		draftOnlyOption,
		ifNotSentOption,
		sendOnceForOption,
		...outputOptions,
	),
};

/**
 * One item = one contract: creates a draft, uploads the PDF, adds signers and fields, compares what the service holds
 * with what was asked for, and only then sends. If something fails before that, it is cleaned up.
 * https://docs.insigner.co/guides/embedded-signing
 */
export const createAndSend: ItemOperation = {
	once: onceByDocument,
	menu: {
		name: 'Create and Send',
		value: 'createAndSend',
		action: 'Create and send document',
		description: 'Send a PDF for signature, one per item',
		builderHint: {
			propertyHint:
				'The usual choice for a PDF: it creates, uploads, adds signers and fields, and emails the signers. The item must hold the PDF as binary data. Signatures place themselves unless the PDF has tags or form fields for them.',
		},
	},
	properties: [
		documentNameProperty,
		pdfProperty,
		...signersProperties,
		...specifyFieldsProperties,
		optionsProperty,
	],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const options = parametersOf(ctx, itemIndex).collection(optionsProperty);
		const draftOnly = options.yesNo(draftOnlyOption);
		const keepDraft = keepsDraft(options);
		const sendOnceFor = readSendOnceFor(options);
		const toResult = documentResult(ctx, itemIndex);
		const withSigningLinks = options.yesNo(signingLinksOption);
		const { name, settings, problems } = readDocumentSettings(ctx, itemIndex, true);
		const { signers, problems: signerProblems } = readSigners(ctx, itemIndex);
		requireNoProblems(ctx, itemIndex, [...problems, ...signerProblems]);
		const file = await readPdf(ctx, itemIndex);
		const { fields, problems: fieldProblems } = await readFields(
			ctx,
			itemIndex,
			options,
			signers,
			file,
		);
		requireNoProblems(ctx, itemIndex, fieldProblems);
		requireNoProblems(ctx, itemIndex, checkEverySignerHasField(fields, signers));
		hintAtMissingPhones(ctx, signers);

		let step = 'create the draft';
		let documentId: string | undefined;
		/** Of several steps at the same time, the first that failed is the one to speak of. */
		let failedStep: string | undefined;
		const failedTo = (what: string) => (error: unknown) => {
			failedStep ??= what;
			throw error;
		};
		const makeAndSend = async (created: (documentId: string) => Promise<void>) => {
			const draftId = await createDraft(ctx, { name, ...settings }, itemIndex);
			documentId = draftId;
			await created(documentId);
			step = 'upload the PDF';
			await uploadPdf(ctx, documentId, file, itemIndex);
			// One after the other: should a field's `assignedTo` mean the position of a signer and not the order, both agree.
			for (const [index, signer] of signers.entries()) {
				await addSignerOnce(ctx, draftId, signer, NONE, itemIndex).catch(
					failedTo(`add signer ${index + 1} (${signer.email})`),
				);
			}
			await fewAtOnce(fields, async (field, index) => {
				await addFieldOnce(ctx, draftId, field, NONE, itemIndex).catch(
					failedTo(`add field ${index + 1} (${field.type})`),
				);
			});
			step = 'compare the draft with what was asked';
			const draft = await compared(ctx, documentId, signers, fields, itemIndex);
			if (draftOnly) {
				hint(ctx, 'Draft Only is on: no one is emailed.', 'info');
				return draft;
			}
			step = SEND;
			const ownDraft = { documentId, own: true, asRead: draft, withSigningLinks };
			return await sendDraft(ctx, ownDraft, itemIndex).catch((error: unknown) => {
				throw isAboutTheFile(error) ? asUnconfirmed(error) : error;
			});
		};

		const settle = async (error: unknown) => {
			const told =
				documentId === undefined && isUnclear(error)
					? await withPossibleDrafts(ctx, name, error, itemIndex)
					: error;
			const wanted = draftOnly ? 'created' : 'sent';
			const unsent = {
				name,
				documentId,
				step: failedStep ?? step,
				wanted,
				keepDraft,
				sending: step === SEND,
				error: told,
			} as const;
			return await settleUnsent(ctx, unsent, itemIndex);
		};
		const key = draftOnly ? undefined : sendOnceFor;
		return [
			await sendDocumentOnce(
				ctx,
				itemIndex,
				{ key, name, toResult },
				async (created) => await makeAndSend(created).catch(settle),
			),
		];
	},
};

/** The last step; no one is emailed before it. */
const SEND = 'send it';

/** A new draft has no signers and no fields. */
const NONE: ReadonlySet<string> = new Set();

/** The service would refuse to send, after all the other steps. */
function checkEverySignerHasField(fields: FieldInput[], signers: SignerInput[]): Problem[] {
	return signers
		.filter(({ role, order }) => {
			return role === 'signer' && !fields.some(({ assignedTo }) => assignedTo === order);
		})
		.map(({ order, email }) => ({
			parameter: 'Fields',
			message: `has none for signer ${order + 1} (${email})`,
		}));
}

/**
 * The storage accepted the file, so processing takes long or a step is missing: none is documented after the upload.
 */
function asUnconfirmed(error: InSignerApiError): InSignerApiError {
	error.message = `inSigner does not have the PDF although its storage took the upload (${error.message})`;
	return withLines(error, {
		before: [
			'inSigner may still be at work on it. If it stays, it may want a further step after an upload, which is not documented: please report this.',
		],
	});
}

async function createDraft(
	ctx: IExecuteFunctions,
	body: BodyOf<'createDocument'>,
	itemIndex: number,
): Promise<string> {
	const { data, requestId } = await request(ctx, 'createDocument', { body, itemIndex });
	const id = idOf(data);
	if (id !== undefined) return id;
	throw new NodeOperationError(ctx.getNode(), 'inSigner did not say which draft it created', {
		itemIndex,
		description: inLines([
			`An empty draft named "${body.name}" may be left in inSigner`,
			requestId && `inSigner request ID: ${requestId}`,
		]),
	});
}

/** Reads the draft until everything asked for is there: reads can be some seconds behind. */
async function compared(
	ctx: IExecuteFunctions,
	documentId: string,
	signers: SignerInput[],
	fields: FieldInput[],
	itemIndex: number,
): Promise<DocumentWithSigners> {
	let differences: Differences | undefined;
	const draft = await lookAgain(ctx, documentId, itemIndex, (seen) => {
		differences = compareDraft(seen, signers, fields);
		return differences.wrong.length > 0 || differences.missing.length === 0;
	});
	const { wrong = [], missing = [], besides = [] } = differences ?? {};
	if (wrong.length === 0 && missing.length === 0) {
		for (const sentence of besides) hint(ctx, sentence);
		return draft;
	}
	throw new NodeOperationError(ctx.getNode(), 'inSigner holds something else than was sent', {
		itemIndex,
		description: inLines([...wrong, ...missing]),
	});
}

/** Like lookUntil(), for a draft that has to be readable: if it isn't, the last look says why. */
async function lookAgain(
	ctx: IExecuteFunctions,
	documentId: string,
	itemIndex: number,
	isSettled: (document: DocumentWithSigners) => boolean,
): Promise<DocumentWithSigners> {
	return (
		(await lookUntil(ctx, documentId, itemIndex, isSettled)) ??
		(await readDocument(ctx, documentId, itemIndex))
	);
}

/**
 * Creating gave no clear answer: names what it may have created. That is not deleted, since it may be someone else's.
 */
async function withPossibleDrafts(
	ctx: IExecuteFunctions,
	name: string,
	error: InSignerApiError,
	itemIndex: number,
): Promise<InSignerApiError> {
	const drafts = await list(beyondCancellation(ctx), 'listDocuments', {
		query: { status: 'draft', search: name },
		limit: 10,
		itemIndex,
	}).catch(() => undefined);
	const ids = drafts?.filter((draft) => draft.name === name).map(({ id }) => id) ?? [];
	const found =
		ids.length > 0
			? `An empty draft may be left in inSigner. Drafts named "${name}": ${ids.join(', ')}.`
			: `An empty draft named "${name}" may be left in inSigner.`;
	ctx.logger.warn(`inSigner: ${error.message}. ${found}`);
	return withLines(error, { before: [found] });
}
