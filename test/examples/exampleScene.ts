/** What examples run in: a sandbox, a real n8n, and people who send and sign. */
import { setTimeout as delay } from 'node:timers/promises';
import { request } from 'undici';

import type { StoredWorkflow } from '../host/client';
import type { Example } from '../host/examples';
import { startRealN8n, type CredentialReference, type RealN8n } from '../host/realN8n';
import { templateNamed } from '../host/workflows';
import { startSandbox, type Sandbox, type StoredDocument } from '../sandbox/sandbox';

const MINUTE = 60_000;

export interface Person {
	name: string;
	email: string;
}

export interface Scene {
	sandbox: Sandbox;
	real: RealN8n;
	/** For the sandbox's key. */
	credentials: CredentialReference;
	/** Imports and publishes an example. */
	publish(example: Example): Promise<StoredWorkflow>;
	/** Makes a document and sends it the way inSigner's web app does: without any workflow. */
	sentDocument(values?: Partial<StoredDocument>): Promise<StoredDocument>;
	/** The same with a seeded template and a person for each of its slots. */
	sentFromTemplate(template: string, signers: Person[]): Promise<StoredDocument>;
	/** The first signer signs, or the one with this address. */
	signed(document: StoredDocument, email?: string): Promise<void>;
	/** The first signer declines, or the one with this address. */
	declined(document: StoredDocument, email?: string): Promise<void>;
	/** The rows of a data table, by the table's name; none if there is no such table. */
	rowsOf(table: string): Promise<Array<Record<string, unknown>>>;
	stop(): Promise<void>;
}

/**
 * Starts sandbox and n8n.
 *
 * @returns the scene; call `stop` at the end
 * @throws Error when a part does not start; what had started is stopped again
 */
export async function startScene(): Promise<Scene> {
	const sandbox = await startSandbox({ requestsPerMinute: 10_000 });
	const real = await startRealN8n((line) => process.stderr.write(`${line}\n`)).catch(
		async (error: unknown) => {
			await sandbox.stop();
			throw error;
		},
	);
	const post = async (path: string, content?: object): Promise<{ id: string }> => {
		const { statusCode, body } = await request(`${sandbox.apiUrl}${path}`, {
			method: 'POST',
			headers: {
				authorization: `Bearer ${sandbox.apiKey}`,
				...(content && { 'content-type': 'application/json' }),
			},
			...(content && { body: JSON.stringify(content) }),
		});
		const text = await body.text();
		if (statusCode >= 400) throw new Error(`The sandbox answered to ${path}: ${text}`);
		return (JSON.parse(text) as { data: { id: string } }).data;
	};
	const send = async (document: StoredDocument | undefined): Promise<StoredDocument> => {
		if (!document) throw new Error('No document was made');
		await post(`/documents/${document.id}/send`);
		return document;
	};
	return {
		sandbox,
		real,
		credentials: await real.credentialFor(sandbox),
		publish: async (example) => {
			const stored = await real.client.createWorkflow(example);
			await real.client.activate(stored.id);
			return stored;
		},
		sentDocument: async (values = {}) => await send(sandbox.store.seedDocuments(1, values)[0]),
		sentFromTemplate: async (template, signers) => {
			const path = `/templates/${templateNamed(sandbox, template)}/use`;
			const { id } = await post(path, { name: template, signers });
			return await send(sandbox.store.documents.get(id));
		},
		signed: async (document, email = signerOf(document)) => await sandbox.sign(document.id, email),
		declined: async (document, email = signerOf(document)) =>
			await sandbox.decline(document.id, email),
		rowsOf: async (table) => {
			const [found] = await real.read<{ id: string }>(
				'SELECT id FROM data_table WHERE name = ?',
				table,
			);
			return found ? await real.read(`SELECT * FROM "data_table_user_${found.id}"`) : [];
		},
		stop: async () => {
			await real.stop();
			await sandbox.stop();
		},
	};
}

/** The address of the first signer. */
export const signerOf = ({ signers }: StoredDocument): string => signers[0]?.email ?? '';

/**
 * Waits until something is the case.
 *
 * @returns what was found
 * @throws Error when there is nothing within a minute
 */
export async function eventually<T>(
	what: string,
	look: () => Promise<T | undefined> | T | undefined,
): Promise<T> {
	for (const end = Date.now() + MINUTE; Date.now() < end; await delay(200)) {
		const found = await look();
		if (found !== undefined) return found;
	}
	throw new Error(`Waited a minute in vain for ${what}`);
}
