import type { INodeParameters } from 'n8n-workflow';
import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';

import { InSignerApi } from '../../credentials/InSignerApi.credentials';
import { InSigner } from '../../nodes/InSigner/InSigner.node';
import { InSignerPollingTrigger } from '../../nodes/InSigner/InSignerPollingTrigger.node';
import { InSignerTrigger } from '../../nodes/InSigner/InSignerTrigger.node';
import { makePdf } from '../sandbox/samplePdf';
import { startSandbox, type Sandbox, type SandboxOptions } from '../sandbox/sandbox';
import { startEngine, type Engine, type EngineOptions } from './harness';

export const ACTION = 'n8n-nodes-insigner.inSigner';
export const TRIGGER = 'n8n-nodes-insigner.inSignerTrigger';
export const POLLING_TRIGGER = 'n8n-nodes-insigner.inSignerPollingTrigger';

type RunOptions = Parameters<Engine['runNode']>[2];

/** n8n's engine with our nodes, next to a sandbox they talk to. */
export interface Bench {
	engine: Engine;
	sandbox: Sandbox;
	credentials: { inSignerApi: { apiKey: string; baseUrl: string } };
	/** Runs one operation of the action node over the items. */
	act(
		resource: string,
		operation: string,
		parameters: INodeParameters,
		options?: RunOptions,
	): ReturnType<Engine['runNode']>;
	/** An item that carries a PDF of one page in the binary field `data`. */
	pdfItem(title?: string): Promise<NonNullable<NonNullable<RunOptions>['items']>[number]>;
	/** @throws Error if n8n's log of everything that was run contains the sandbox's key */
	stop(): Promise<void>;
}

/**
 * Starts engine and sandbox for the tests of one file.
 *
 * @param options - how the sandbox behaves, and where n8n keeps binary data
 * @returns both, with shortcuts; call `stop` at the end
 */
export async function startBench(
	options: SandboxOptions & Pick<EngineOptions, 'binaryMode'> = {},
): Promise<Bench> {
	const { binaryMode, ...sandboxOptions } = options;
	// The limit has its own test; elsewhere it would only make the tests wait.
	const sandbox = await startSandbox({ requestsPerMinute: 100_000, ...sandboxOptions });
	const engine = await startEngine({
		nodes: {
			[ACTION]: InSigner,
			[TRIGGER]: InSignerTrigger,
			[POLLING_TRIGGER]: InSignerPollingTrigger,
		},
		credentials: { inSignerApi: InSignerApi },
		...(binaryMode && { binaryMode }),
	});
	const pdfs = new Map<string, Promise<Uint8Array>>();
	const pdf = (title: string) => {
		const made = pdfs.get(title) ?? makePdf(title, ['To be signed.']);
		pdfs.set(title, made);
		return made;
	};
	const credentials = { inSignerApi: { apiKey: sandbox.apiKey, baseUrl: sandbox.apiUrl } };
	return {
		engine,
		sandbox,
		credentials,
		act: async (resource, operation, parameters, runOptions) =>
			await engine.runNode(
				ACTION,
				{ resource, operation, ...parameters },
				// Unique across all engines of a test file, as the ids of a real n8n are.
				{ credentials, executionId: randomUUID(), ...runOptions },
			),
		pdfItem: async (title = 'Contract') => {
			const bytes = Buffer.from(await pdf(title));
			const data = await engine.binary.put(bytes, `${title}.pdf`, 'application/pdf');
			return { json: { title }, binary: { data } };
		},
		stop: async () => {
			await engine.stop();
			await sandbox.stop();
			const holdsKey = (entry: object) => inspect(entry, { depth: null }).includes(sandbox.apiKey);
			if (engine.logs.some(holdsKey)) throw new Error("The key is in n8n's log");
		},
	};
}

/**
 * The value of a resource locator.
 *
 * @param value - the id
 */
export function byId(value: string): INodeParameters {
	return { __rl: true, mode: 'id', value };
}
