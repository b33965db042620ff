import type { IExecuteFunctions } from 'n8n-workflow';

import type { DataOf } from '../api/endpoint';
import { request } from '../api/request';

type Template = DataOf<'getTemplate'>;

/** What each run of a node has read. A run has a context of its own. */
const templatesOf = new WeakMap<IExecuteFunctions, Map<string, Promise<Template>>>();

/**
 * Reads a template once per run of a node: a list of people usually gets the same one. If it changes in the meantime,
 * comparing each document with what was asked for notices.
 *
 * @param ctx - n8n's execution context
 * @param templateId - the template
 * @param itemIndex - index of the input item, from 0
 * @returns the template with its slots
 * @throws InSignerApiError as request(); the next item then reads it anew
 * @see https://docs.insigner.co/api/templates
 */
export async function readTemplate(
	ctx: IExecuteFunctions,
	templateId: string,
	itemIndex: number,
): Promise<Template> {
	const read = templatesOf.get(ctx) ?? new Map<string, Promise<Template>>();
	templatesOf.set(ctx, read);
	const known = read.get(templateId);
	if (known) return await known;
	const reading = request(ctx, 'getTemplate', { path: { templateId }, itemIndex }).then(
		({ data }) => data,
	);
	read.set(templateId, reading);
	return await reading.catch((error: unknown) => {
		read.delete(templateId);
		throw error;
	});
}
