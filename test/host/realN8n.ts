/** A real n8n server with the packed nodes and nothing in it yet. */
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';

import { N8nClient, type Owner } from './client';
import { readDatabase } from './database';
import { installN8n } from './install';
import { startN8n, type N8n } from './n8n';
import { packTarball } from './pack';
import type { Sandbox } from '../sandbox/sandbox';

/** How a node names a stored credential. */
export interface CredentialReference {
	inSignerApi: { id: string; name: string };
}

export interface RealN8n {
	/** Logged in as the owner. */
	client: N8nClient;
	/** The owner's account with its password, for the editor. */
	owner: Owner;
	/** The server, to restart or kill it. */
	n8n: N8n;
	/** Rows of its database; see readDatabase(). */
	read<T>(sql: string, ...parameters: Array<string | number>): Promise<T[]>;
	/** Stores a credential for the key of a sandbox. */
	credentialFor(sandbox: Sandbox, name?: string): Promise<CredentialReference>;
	/** Ends the server and removes all it wrote. */
	stop(): Promise<void>;
}

/**
 * Starts the pinned n8n with the nodes as they are in dist/, and sets up its owner.
 *
 * @param onProgress - receives a line of text now and then
 * @param environment - further environment variables of n8n
 * @returns the server's client; call `stop` at the end
 * @throws Error when a part does not start; what had started is stopped again
 */
export async function startRealN8n(
	onProgress: (line: string) => void = () => undefined,
	environment: Record<string, string> = {},
): Promise<RealN8n> {
	const installed = await installN8n(onProgress);
	const tarball = await packTarball();
	let n8n: N8n;
	try {
		n8n = await startN8n({
			installed,
			packages: { 'n8n-nodes-insigner': tarball.file },
			environment,
			onProgress,
		});
	} finally {
		// n8n has unpacked it by then.
		await rm(dirname(tarball.file), { recursive: true, force: true });
	}
	try {
		const client = new N8nClient(n8n.url);
		const owner = await client.setUpOwner();
		return {
			client,
			owner,
			n8n,
			read: async (sql, ...parameters) =>
				await readDatabase(installed, n8n.userFolder, sql, ...parameters),
			credentialFor: async (sandbox, name) => await storeCredential(client, sandbox, name),
			stop: async () => await n8n.remove(),
		};
	} catch (error) {
		await n8n.remove();
		throw error;
	}
}

/**
 * Stores a credential for the key of a sandbox.
 *
 * @param client - of the n8n that keeps it
 * @param sandbox - whose key it is
 * @param name - of the credential
 */
export async function storeCredential(
	client: N8nClient,
	sandbox: Sandbox,
	name = 'inSigner sandbox',
): Promise<CredentialReference> {
	const { id } = await client.createCredential({
		name,
		type: 'inSignerApi',
		data: { apiKey: sandbox.apiKey, baseUrl: sandbox.apiUrl },
	});
	return { inSignerApi: { id, name } };
}
