/** Fills in forms of n8n's Form Trigger as a browser does. */
import { setTimeout as delay } from 'node:timers/promises';

import type { INode } from 'n8n-workflow';
import { FormData, request } from 'undici';

/** What a person picks for a file field. */
export interface PickedFile {
	name: string;
	mimeType: string;
	content: Uint8Array | string;
}

/**
 * Where a form is, once its workflow is published.
 *
 * @param n8nUrl - of the server, without a slash at the end
 * @param node - the Form Trigger as n8n stored it
 */
export function formUrlOf(n8nUrl: string, { webhookId }: Pick<INode, 'webhookId'>): string {
	return `${n8nUrl}/form/${webhookId}`;
}

/**
 * Submits a form. Rests on: n8n names the inputs of a form by their position.
 *
 * @param formUrl - from {@link formUrlOf}
 * @param values - of the fields, from the first
 * @returns n8n's answer; with `formWaitingUrl` if another page follows
 * @throws Error when n8n does not accept the form
 */
export async function submitForm(
	formUrl: string,
	values: ReadonlyArray<string | PickedFile>,
): Promise<{ formWaitingUrl?: string }> {
	const form = new FormData();
	for (const [index, value] of values.entries()) {
		if (typeof value === 'string') form.set(`field-${index}`, value);
		else {
			const { name, mimeType, content } = value;
			form.set(`field-${index}`, new Blob([content], { type: mimeType }), name);
		}
	}
	const { statusCode, body } = await request(formUrl, { method: 'POST', body: form });
	const text = await body.text();
	if (statusCode !== 200) throw new Error(`n8n answered ${statusCode} to the form: ${text}`);
	return JSON.parse(text) as { formWaitingUrl?: string };
}

/** How often a browser asks whether the next page is ready, about. */
const POLL_MS = 200;
const LAST_PAGE_TIMEOUT_MS = 60_000;

/**
 * Waits for the page at the end of a form and shows it, as a browser does. Rests on: n8n tells the state of the
 * execution below the address of the page, and ends the execution when the page is shown.
 *
 * @param formWaitingUrl - from {@link submitForm}
 * @returns the page as HTML; undefined if the execution ended without one
 * @throws Error when there is none within a minute
 */
export async function showLastPage(formWaitingUrl: string): Promise<string | undefined> {
	const state = new URL(formWaitingUrl);
	state.pathname += '/n8n-execution-status';
	for (const end = Date.now() + LAST_PAGE_TIMEOUT_MS; Date.now() < end; await delay(POLL_MS)) {
		const status = await (await request(state)).body.text();
		if (['success', 'error', 'canceled', 'crashed'].includes(status)) return undefined;
		if (status !== 'form-waiting') continue;
		const page = await (await request(formWaitingUrl)).body.text();
		await (await request(formWaitingUrl, { method: 'POST' })).body.dump();
		return page;
	}
	throw new Error('The form came to no last page');
}
