import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { inLines } from '../../api/nodeErrors';
import { mayBe, readDocument } from '../../documents/reading';
import { checkEmail, requireNoProblems } from '../../parameters/checks';
import { OPTIONS } from '../../parameters/collections';
import { parametersOf } from '../../parameters/parameters';
import { documentPicker } from '../../parameters/pickers';
import type { ItemOperation } from '../operation';

const includeWithoutLinkOption: INodeProperties = {
	displayName: 'Include Signers Without Link',
	name: 'includeWithoutLink',
	type: 'boolean',
	default: false,
	description:
		"Whether to also return signers who are done or whose turn hasn't come yet, with null as their link",
};

const signerEmailOption: INodeProperties = {
	displayName: 'Signer Email',
	name: 'signerEmail',
	type: 'string',
	default: '',
	placeholder: 'e.g. jane@example.com',
	description: 'Return only the link of the signer with this address',
};

/** Reads who can sign where. https://docs.insigner.co/guides/embedded-signing */
export const getSigningLinks: ItemOperation = {
	menu: {
		name: 'Get Signing Links',
		value: 'getSigningLinks',
		action: 'Get signing links of document',
		description: 'Get the links of people who still have to sign',
		builderHint: {
			propertyHint:
				'Only if the user asked for signing links: whoever holds one can sign as that person.',
		},
	},
	properties: [
		documentPicker,
		{
			...OPTIONS,
			options: [includeWithoutLinkOption, signerEmailOption],
		},
	],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const parameters = parametersOf(ctx, itemIndex);
		const documentId = parameters.chosenId(documentPicker);
		const options = parameters.collection(OPTIONS);
		const includeWithoutLink = options.yesNo(includeWithoutLinkOption);
		const signerEmail = options.added(signerEmailOption)?.text(signerEmailOption);
		// An empty one, taken for none, would return the links of everyone.
		if (signerEmail !== undefined) {
			requireNoProblems(ctx, itemIndex, checkEmail('Signer Email', signerEmail));
		}
		const email = signerEmail?.toLowerCase();
		const stop = (message: string, description: string) =>
			new NodeOperationError(ctx.getNode(), message, {
				itemIndex,
				description: inLines([description]),
			});

		const document = await readDocument(ctx, documentId, itemIndex);
		const { signers } = document;
		if (!mayBe(document, 'pending')) {
			throw stop(
				`Document ${documentId} is ${document.status}`,
				'There are signing links only while a document is pending.',
			);
		}
		const wanted = signers.filter(
			(signer) => email === undefined || signer.email.toLowerCase() === email,
		);
		if (wanted.length === 0) {
			throw stop(
				`Document ${documentId} has no signer with the address ${signerEmail}`,
				`Its signers are ${signers.map((signer) => signer.email).join(', ')}.`,
			);
		}
		const links = wanted.map((signer) => {
			const done = signer.status === 'completed' || signer.status === 'declined';
			return { ...signer, documentId, signingUrl: (!done && signer.signingUrl) || null };
		});
		if (includeWithoutLink) return links.map((json) => ({ json, withSigningLinks: true }));

		const linked = links.filter(({ signingUrl }) => signingUrl !== null);
		if (linked.length === 0) {
			throw stop(
				`Document ${documentId} has no signing link for ${signerEmail ?? 'anyone'} now`,
				`Status: ${wanted.map((signer) => `${signer.email} ${signer.status}`).join(', ')}. In a sequential document a link comes with the signer's turn.`,
			);
		}
		return linked.map((json) => ({ json, withSigningLinks: true }));
	},
};
