/** The package's main job on real parts: sandbox, real n8n with the packed nodes, the two example workflows. */
import { mkdir } from 'node:fs/promises';

import { startSandbox, type Sandbox, type SandboxOptions } from '../sandbox/sandbox';
import { N8nClient, type Owner, type StoredWorkflow } from './client';
import { choose, nodeOf, readExample, type Example } from './examples';
import { formUrlOf, showLastPage, submitForm } from './formPages';
import type { InstalledN8n } from './install';
import { startN8n, type N8n } from './n8n';

/** Where the example writes signed contracts on a server that n8n's Docker image runs. */
const FILES_FOLDER_OF_EXAMPLE = '/home/node/.n8n-files';

export interface MainJobOptions {
	/** From installN8n(). */
	installed: Pick<InstalledN8n, 'nodeBinary' | 'n8nEntry'>;
	/** Our packed package. */
	tarball: string;
	/** Where signed contracts are written; created if it does not exist. */
	outputFolder: string;
	/** Further options of the sandbox. */
	sandbox?: SandboxOptions;
	/** Receives a line of text now and then. */
	onProgress?: (line: string) => void;
}

export interface Contract {
	pdf: Uint8Array;
	fileName: string;
	documentName: string;
	signerName: string;
	signerEmail: string;
}

export interface MainJob {
	sandbox: Sandbox;
	n8n: N8n;
	client: N8nClient;
	owner: Owner;
	/** Id of the stored credential inSigner API. */
	credentialId: string;
	/** Form -> Create and Send. */
	sendContract: StoredWorkflow;
	/** inSigner Trigger (document.completed) -> Download -> file. */
	fileSigned: StoredWorkflow;
	/** Where a person uploads a contract. */
	formUrl: string;
	/** Fills in the form as a browser does. @returns the page at its end; undefined if there is none */
	submit(contract: Contract): Promise<string | undefined>;
	stop(): Promise<void>;
}

/**
 * Starts it all: an owner account, the credential and both workflows imported and active.
 *
 * @param options - the installed n8n, the tarball and where to write
 * @returns handles on every part; call `stop` at the end
 * @throws Error when a part does not start; what had started is stopped again
 */
export async function startMainJob(options: MainJobOptions): Promise<MainJob> {
	const { installed, tarball, outputFolder, onProgress = () => undefined } = options;
	await mkdir(outputFolder, { recursive: true });
	onProgress('Starting the sandbox (a local inSigner Cloud)');
	const sandbox = await startSandbox(options.sandbox);
	let n8n: N8n | undefined;
	try {
		onProgress('Starting n8n with the packed nodes');
		n8n = await startN8n({
			installed,
			packages: { 'n8n-nodes-insigner': tarball },
			environment: { N8N_RESTRICT_FILE_ACCESS_TO: outputFolder },
			onProgress,
		});
		const client = new N8nClient(n8n.url);
		const owner = await client.setUpOwner();

		onProgress('Importing credential and workflows');
		const credential = await client.createCredential({
			name: 'inSigner sandbox',
			type: 'inSignerApi',
			data: { apiKey: sandbox.apiKey, baseUrl: sandbox.apiUrl },
		});
		const chosen = { inSignerApi: { id: credential.id, name: credential.name } };
		const publish = async (example: Example) => {
			const stored = await client.createWorkflow(example);
			await client.activate(stored.id);
			return stored;
		};
		const toSend = await readExample('send-contract.json', chosen);
		const sendContract = await publish(toSend);
		const formUrl = formUrlOf(n8n.url, nodeOf(toSend, 'Contract form'));
		const toFile = await readExample('file-signed-contract.json', chosen);
		const { fileName } = nodeOf(toFile, 'Write file').parameters;
		choose(toFile, 'Write file', {
			fileName: String(fileName).replace(FILES_FOLDER_OF_EXAMPLE, () => outputFolder),
		});
		const fileSigned = await publish(toFile);

		const running = n8n;
		return {
			sandbox,
			n8n,
			client,
			owner,
			credentialId: credential.id,
			sendContract,
			fileSigned,
			formUrl,
			submit: async ({ pdf, fileName: name, documentName, signerName, signerEmail }) => {
				const file = { name, mimeType: 'application/pdf', content: pdf };
				const values = [file, documentName, signerName, signerEmail];
				const { formWaitingUrl } = await submitForm(formUrl, values);
				return formWaitingUrl === undefined ? undefined : await showLastPage(formWaitingUrl);
			},
			stop: async () => {
				await running.remove();
				await sandbox.stop();
			},
		};
	} catch (error) {
		await n8n?.remove();
		await sandbox.stop();
		throw error;
	}
}
