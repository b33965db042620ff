import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';

import { beyondCancellation, cancelSignalOf } from '../../api/cancellation';
import { InSignerApiError } from '../../api/errors';
import { uploadPdf } from '../../api/files';
import { list } from '../../api/pagination';
import { request } from '../../api/request';
import { refuse, type Problem } from '../../parameters/checks';
import type { FieldInput } from '../field/fieldInput';
import { fieldsProperties, readFields } from '../field/fieldsReading';
import { asPossiblyMailed } from '../ledger';
import type { ItemOperation } from '../operation';
import { readSigners, signersProperties, type SignerInput } from '../signer/signerInput';
import { differencesFromDraft } from './draftCheck';
import { cleanUpDraft, ifNotSentOption } from './draftCleanUp';
import { forOutput, readDocument, signingLinksOption } from './documentReading';
import { documentNameProperty, readDocumentSettings, withSettings } from './documentSettings';
import { pdfProperty, readPdf } from './pdfInput';
import { sendDraft } from './sending';

const draftOnlyOption: INodeProperties = {
	displayName: 'Draft Only',
	name: 'draftOnly',
	type: 'boolean',
	default: false,
	description:
		'Whether to stop before sending: nobody is mailed, and a person or another node sends the draft',
};

/**
 * One item = one contract: creates a draft, uploads the PDF, adds signers and fields, compares what the
 * service holds with what was asked, and only then sends. What fails before is cleaned up.
 * https://docs.insigner.co/guides/embedded-signing
 */
export const createAndSend: ItemOperation = {
	once: true,
	menu: {
		name: 'Create and Send',
		value: 'createAndSend',
		action: 'Create and send document',
		description: 'Turn a PDF into a contract and mail it to its signers at once, one per item',
	},
	properties: [
		documentNameProperty,
		pdfProperty,
		...signersProperties,
		...fieldsProperties,
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add Option',
			default: {},
			description: 'Settings of the document, and what happens if it cannot be sent',
			options: withSettings(draftOnlyOption, ifNotSentOption, signingLinksOption),
		},
	],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const { name, settings, problems } = readDocumentSettings(ctx, itemIndex, true);
		const { signers, problems: signerProblems } = readSigners(ctx, itemIndex);
		refuse(ctx, itemIndex, [...problems, ...signerProblems]);
		const file = await readPdf(ctx, itemIndex);
		const { fields, problems: fieldProblems } = await readFields(ctx, itemIndex, signers, file);
		refuse(ctx, itemIndex, fieldProblems);
		refuse(ctx, itemIndex, checkEverySignerHasField(fields, signers));
		const draftOnly = ctx.getNodeParameter('options.draftOnly', itemIndex, false) === true;

		let step = 'create the draft';
		let documentId: string | undefined;
		const makeAndSend = async () => {
			const { data } = await request(ctx, 'createDocument', {
				body: { name, ...settings },
				itemIndex,
			});
			documentId = data.id;
			const path = { documentId };

			step = 'upload the PDF';
			await uploadPdf(ctx, documentId, file, itemIndex);
			for (const [index, signer] of signers.entries()) {
				step = `add signer ${index + 1} (${signer.email})`;
				await request(ctx, 'addSigner', { path, body: signer, itemIndex });
			}
			for (const [index, field] of fields.entries()) {
				step = `add field ${index + 1} (${field.type})`;
				await request(ctx, 'addField', { path, body: field, itemIndex });
			}
			step = 'compare the draft with what was asked';
			const draft = await readDocument(ctx, documentId, itemIndex);
			const differences = differencesFromDraft(draft, signers, fields);
			if (differences.length > 0) {
				throw new NodeOperationError(ctx.getNode(), 'inSigner holds something else than was sent', {
					itemIndex,
					description: differences.join('\n'),
				});
			}
			if (draftOnly) return draft;
			step = SEND;
			return await sendDraft(ctx, documentId, itemIndex);
		};

		const sent = await makeAndSend().catch(async (error: unknown) => {
			const draft = await cleanUp(ctx, documentId, { name, step, error }, itemIndex);
			throw notSent(ctx, itemIndex, { name, step, error }, draft);
		});
		return [{ json: forOutput(ctx, sent, itemIndex) }];
	},
};

/** The last step; only after it people may have been mailed. */
const SEND = 'send it';

/** A contract that was not sent, the step that did not work and why. */
interface NotSent {
	name: string;
	step: string;
	error: unknown;
}

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
 * Deletes or keeps what a contract that was not sent left behind, also when the execution was cancelled.
 *
 * @returns what became of the draft, as a sentence that is true
 */
async function cleanUp(
	ctx: IExecuteFunctions,
	documentId: string | undefined,
	{ name, step, error }: NotSent,
	itemIndex: number,
): Promise<string> {
	const unclear = error instanceof InSignerApiError && error.effect === 'unclear';
	if (documentId === undefined) {
		return unclear ? await possibleDrafts(beyondCancellation(ctx), name, error, itemIndex) : '';
	}
	if (step === SEND && unclear) {
		return `Document ${documentId} was left as it is, because it may have been sent. Look at its status in inSigner before you send it again.`;
	}
	return await cleanUpDraft(ctx, documentId, itemIndex);
}

/** Creating gave no clear answer: names what may have come of it. It is not deleted, since it may be another's. */
async function possibleDrafts(
	ctx: IExecuteFunctions,
	name: string,
	{ fault }: InSignerApiError,
	itemIndex: number,
): Promise<string> {
	const drafts = await list(ctx, 'listDocuments', {
		query: { status: 'draft', search: name },
		limit: 10,
		itemIndex,
	}).catch(() => undefined);
	const ids = drafts?.filter((draft) => draft.name === name).map(({ id }) => id) ?? [];
	if (ids.length === 0) {
		// Without an answer the service may still be at work on it.
		return drafts && fault.result === 'serverFault'
			? `No draft named "${name}" was found in inSigner.`
			: `An empty draft named "${name}" may be left in inSigner.`;
	}
	return `An empty draft may be left in inSigner. Drafts named "${name}": ${ids.join(', ')}.`;
}

/** The original error, told as what it means for the contract. */
function notSent(
	ctx: IExecuteFunctions,
	itemIndex: number,
	{ name, step, error }: NotSent,
	draft: string,
): Error {
	const cancelled = cancelSignalOf(ctx)?.aborted ?? false;
	const known =
		!cancelled && (error instanceof NodeApiError || error instanceof NodeOperationError)
			? error
			: new NodeOperationError(ctx.getNode(), reasonOf(error), { itemIndex });
	const unclear = step === SEND && error instanceof InSignerApiError && error.effect === 'unclear';
	known.message = unclear
		? `"${name}" may or may not have been sent: ${reasonOf(error)}`
		: `"${name}" was not sent, could not ${step}: ${cancelled ? 'the execution was cancelled' : reasonOf(error)}`;
	known.description = [known.description, draft].filter(Boolean).join('\n');
	// n8n drops an error when a later try goes well or the execution was cancelled; the log keeps it.
	if (draft) ctx.logger.warn(`inSigner: ${known.message}. ${draft}`);
	return unclear ? asPossiblyMailed(known) : known;
}

function reasonOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
