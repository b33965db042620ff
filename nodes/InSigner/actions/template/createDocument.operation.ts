import type { IExecuteFunctions } from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';

import { InSignerApiError } from '../../api/errors';
import { request } from '../../api/request';
import { refuse } from '../../parameters/checks';
import { cleanUpDraft, ifNotSentOption } from '../document/draftCleanUp';
import { forOutput, readDocument, signingLinksOption } from '../document/documentReading';
import { readDocumentSettings, withSettings } from '../document/documentSettings';
import { sendDraft } from '../document/sending';
import { chosenId, templatePicker } from '../../parameters/pickers';
import { asPossiblyMailed, mayHaveMailed } from '../ledger';
import type { ItemOperation } from '../operation';
import { inOrder, readSlotSigners, slotsProperties, type Slot, type SlotSigner } from './slots';

/**
 * Makes a document from a template, one signer per slot. What the service answers here is only partly
 * known, so the document is read back: missing signers are added, wrong ones stop it, and it is sent only
 * from draft. https://docs.insigner.co/api/templates
 */
export const createDocument: ItemOperation = {
	once: true,
	menu: {
		name: 'Create Document',
		value: 'createDocument',
		action: 'Create document from template',
		description:
			'Create a document from a template with a person for each signer slot. It stays a draft that mails nobody unless Send is on.',
	},
	properties: [
		templatePicker,
		...slotsProperties,
		{
			displayName: 'Send',
			name: 'send',
			type: 'boolean',
			default: false,
			description:
				'Whether to send the document at once, which mails the signers. Otherwise it stays a draft.',
		},
		{
			displayName: 'Document Name',
			name: 'name',
			type: 'string',
			default: '',
			placeholder: 'e.g. NDA Acme',
			description:
				'Name of the document as the signers see it. Without one it is the name of the template.',
		},
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add Option',
			default: {},
			description: 'Settings of the document, and what happens if it cannot be sent',
			options: withSettings(ifNotSentOption, signingLinksOption),
		},
	],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const templateId = chosenId(ctx, templatePicker, itemIndex);
		const { name, settings, problems } = readDocumentSettings(ctx, itemIndex, false);
		refuse(ctx, itemIndex, problems);
		const { data: template } = await request(ctx, 'getTemplate', {
			path: { templateId },
			itemIndex,
		});
		const signers = readSlotSigners(ctx, itemIndex, template.signers);

		const { data: created } = await request(ctx, 'useTemplate', {
			path: { templateId },
			body: { ...(name && { name }), signers, ...settings },
			itemIndex,
		}).catch((error: unknown) => {
			throw unclearUse(ctx, error, name || template.name);
		});
		const finish = async () => {
			const document = await completeSigners(ctx, created.id, template.signers, signers, itemIndex);
			const send = ctx.getNodeParameter('send', itemIndex) as boolean;
			return send && document.status === 'draft'
				? await sendDraft(ctx, document.id, itemIndex)
				: document;
		};
		const result = await finish().catch(async (error: unknown) => {
			throw await withoutDraft(ctx, error, created.id, itemIndex);
		});
		return [{ json: forOutput(ctx, result, itemIndex) }];
	},
};

/** Whether using a template sends the document at once is not documented: no answer is not a no. */
function unclearUse(ctx: IExecuteFunctions, error: unknown, name: string): unknown {
	if (!(error instanceof InSignerApiError) || error.effect !== 'unclear') return error;
	const document = `A document named "${name}" may have been created, and possibly sent. Look for it in inSigner.`;
	error.description = [error.description, document].filter(Boolean).join('\n');
	ctx.logger.warn(`inSigner: ${error.message}. ${document}`);
	return asPossiblyMailed(error);
}

/** The document exists by now: cleans up what can be cleaned up, and says what became of it. */
async function withoutDraft(
	ctx: IExecuteFunctions,
	error: unknown,
	documentId: string,
	itemIndex: number,
): Promise<Error> {
	const known =
		error instanceof NodeApiError || error instanceof NodeOperationError
			? error
			: new NodeOperationError(ctx.getNode(), error instanceof Error ? error : String(error), {
					itemIndex,
				});
	const draft = mayHaveMailed(known)
		? `Document ${documentId} was left as it is, because it may have been sent. Look at its status in inSigner before you send it again.`
		: await cleanUpDraft(ctx, documentId, itemIndex);
	known.description = [known.description, draft].filter(Boolean).join('\n');
	// n8n drops an error when a later try goes well or the execution was cancelled; the log keeps it.
	ctx.logger.warn(`inSigner: ${known.message}. ${draft}`);
	return known;
}

/** Reads the new document and brings its signers to what was asked, or stops before anything is mailed. */
async function completeSigners(
	ctx: IExecuteFunctions,
	documentId: string,
	slots: Slot[],
	signers: SlotSigner[],
	itemIndex: number,
) {
	const document = await readDocument(ctx, documentId, itemIndex);
	const slotsInOrder = inOrder(slots);
	let added = 0;
	for (const [index, signer] of signers.entries()) {
		const slot = slotsInOrder[index];
		const order = slot?.sortOrder ?? index;
		const found = document.signers.find((candidate) => candidate.order === order);
		if (found?.email.toLowerCase() === signer.email.toLowerCase()) continue;
		if (found || document.status !== 'draft') {
			throw new NodeOperationError(
				ctx.getNode(),
				`Slot "${slot?.label ?? index + 1}" of the new document holds ${found?.email ?? 'nobody'} instead of ${signer.email}`,
				{
					itemIndex,
					description: `The document is ${document.status} and was not sent by this node.`,
				},
			);
		}
		await request(ctx, 'addSigner', {
			path: { documentId },
			body: { ...signer, role: slot?.role ?? 'signer', order },
			itemIndex,
		});
		added += 1;
	}
	return added === 0 ? document : await readDocument(ctx, documentId, itemIndex);
}
