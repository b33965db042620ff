import type { IExecuteFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { isGoneOrNotOffered, isUnclear } from '../api/errors';
import { inLines, isNodeError, reasonOf, withLines } from '../api/nodeErrors';
import { requestInferred } from '../api/requestInferred';
import { compareValues, matchFields, type AskedValue } from './comparing';
import { fewAtOnce } from './fewAtOnce';
import { asPossiblyMailed } from './possiblyMailed';
import { lookUntil, type DocumentWithSigners } from './reading';

/** What is left to do without it. */
const BY_HAND =
	'To go on without it, use Template > Create Document with Field Values set to Leave as in the Template and After Creating set to Keep as Draft, then fill in the values and send the document in inSigner.';

/**
 * Fills values into the fields of a draft that was made from a template, and reads them back: one request for each
 * value, and one for the whole. Whether a field can be changed at all is inferred, so only what is read back counts,
 * whatever the answers were.
 *
 * @param ctx - n8n's execution context
 * @param draft - the new document as read
 * @param values - what its fields are to hold; at least one
 * @param itemIndex - index of the input item, from 0
 * @returns the document as read back; it holds every value
 * @throws InSignerApiError if a value was refused; NodeOperationError if the fields are not those of the template, or
 * do not hold the values afterwards, or something else besides. Nothing was sent then, unless {@link mayHaveMailed} says so
 * @see https://docs.insigner.co/api/fields
 */
export async function fillFields(
	ctx: IExecuteFunctions,
	draft: DocumentWithSigners,
	values: AskedValue[],
	itemIndex: number,
): Promise<DocumentWithSigners> {
	const { id: documentId, status } = draft;
	const stop = (message: string, lines: Array<string | undefined>) =>
		new NodeOperationError(ctx.getNode(), message, { itemIndex, description: inLines(lines) });
	if (status !== 'draft') {
		const message = `it is ${status}, which isn't a draft, so its values can't be filled in`;
		throw asPossiblyMailed(stop(message, []));
	}

	let before = draft.fields;
	let match = matchFields(before, values);
	if (match.missing.length > 0 && match.wrong.length === 0) {
		// A field may just not show yet.
		await lookUntil(ctx, documentId, itemIndex, ({ fields }) => {
			before = fields;
			match = matchFields(before, values);
			return match.missing.length === 0 || match.wrong.length > 0;
		});
	}
	const { missing, wrong, idOf } = match;
	if (missing.length > 0 || wrong.length > 0) {
		throw stop('its fields are not those of the template', [
			...wrong,
			...missing,
			'If the template was changed a moment ago, run it again',
		]);
	}

	const unclear: string[] = [];
	await fewAtOnce([...idOf], async ([{ title, value, locked }, fieldId]) => {
		const body = { defaultValue: value, ...(locked && { readOnly: true }) };
		const path = { documentId, fieldId };
		await requestInferred(ctx, 'updateField', { path, body, itemIndex }).catch((error: unknown) => {
			if (isUnclear(error)) unclear.push(`${title}: ${reasonOf(error)}`);
			else throw asRefused(error, title);
		});
	});

	let differences: string[] | undefined;
	const filled = await lookUntil(ctx, documentId, itemIndex, ({ fields }) => {
		differences = compareValues(before, fields, idOf);
		return differences.length === 0;
	});
	if (filled && differences?.length === 0) return filled;
	const message = differences
		? 'inSigner does not hold the values that were filled in'
		: 'what was filled in could not be read back';
	throw stop(message, [...(differences ?? []), ...unclear, BY_HAND]);
}

/** Says which value was refused, and how to do without if inSigner does not offer it. */
function asRefused(error: unknown, title: string): unknown {
	if (!isNodeError(error)) return error;
	error.message = `${title}: ${reasonOf(error)}`;
	return isGoneOrNotOffered(error) ? withLines(error, { after: [BY_HAND] }) : error;
}
