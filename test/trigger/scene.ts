/** A real n8n with our trigger in it, next to a sandbox, and what the suites in this folder ask about it. */
import { request } from 'undici';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';

import type { StoredWorkflow, WorkflowInput } from '../host/client';
import { startRealN8n, type CredentialReference, type RealN8n } from '../host/realN8n';
import { startSandbox, type Sandbox, type StoredWebhook } from '../sandbox/sandbox';
import type { AttackRequest } from './attacks';

/** How long inSigner waits for an answer, in milliseconds. */
export const DELIVERY_TIMEOUT_MS = 10_000;

/** The node after the trigger: if it ran, the workflow continued. */
const NEXT = 'Went on';

export interface TriggerScene {
	real: RealN8n;
	sandbox: Sandbox;
	credentials: CredentialReference;
	stop(): Promise<void>;
}

/** How many executions a workflow has, according to n8n's own database. */
export interface ExecutionCounts {
	all: number;
	/** Those in which the trigger passed the event on. */
	wentOn: number;
	failed: number;
}

/**
 * Starts both. The sandbox has no request limit, since that is not the subject here.
 *
 * @param environment - further environment variables of n8n
 */
export async function startScene(environment: Record<string, string> = {}): Promise<TriggerScene> {
	const sandbox = await startSandbox({ requestsPerMinute: 100_000 });
	try {
		const say = (line: string) => process.stderr.write(`${line}\n`);
		const real = await startRealN8n(say, environment);
		return {
			real,
			sandbox,
			credentials: await real.credentialFor(sandbox),
			stop: async () => {
				await real.stop();
				await sandbox.stop();
			},
		};
	} catch (error) {
		await sandbox.stop();
		throw error;
	}
}

/**
 * A workflow of our trigger and a node that does nothing.
 *
 * @param name - name of the workflow
 * @param credentials - the credential with the key it uses
 * @param webhookId - the part of its URL; undefined as in a workflow that was exported without it
 * @param parameters - parameters of the trigger
 */
export function triggerWorkflow(
	name: string,
	credentials: CredentialReference,
	webhookId: string | undefined,
	parameters: object = { events: ['document.completed'] },
): WorkflowInput {
	return {
		name,
		nodes: [
			{
				id: 'trigger',
				name: 'Signed',
				type: 'n8n-nodes-insigner.inSignerTrigger',
				typeVersion: 1.1,
				position: [0, 0],
				parameters,
				credentials,
				...(webhookId !== undefined && { webhookId }),
			},
			{
				id: 'next',
				name: NEXT,
				type: 'n8n-nodes-base.noOp',
				typeVersion: 1,
				position: [220, 0],
				parameters: {},
			},
		],
		connections: { Signed: { main: [[{ node: NEXT, type: 'main', index: 0 }]] } },
		settings: { executionOrder: 'v1' },
	};
}

/**
 * The webhooks that point to a workflow.
 *
 * @param sandbox - the service
 * @param workflow - as n8n stored it
 */
export function webhooksOf(sandbox: Sandbox, workflow: StoredWorkflow): StoredWebhook[] {
	const id = workflow.nodes.find(({ name }) => name === 'Signed')?.webhookId ?? workflow.id;
	return sandbox.store.webhooks.all().filter(({ url }) => url.includes(id));
}

/** Sends a request exactly as it is. @returns status, and how long the answer took in milliseconds */
export async function send(
	url: string,
	{ method = 'POST', headers, body, chunked, query = '' }: AttackRequest,
): Promise<{ status: number; ms: number; text: string }> {
	const startedAt = performance.now();
	const pieces = chunked ? [body.subarray(0, 10), body.subarray(10)] : [];
	const answer = await request(url + query, {
		method: method as 'POST',
		headers,
		body: chunked ? Readable.from(pieces) : body.length > 0 ? body : null,
		headersTimeout: 60_000,
	});
	const text = await answer.body.text();
	return { status: answer.statusCode, ms: performance.now() - startedAt, text };
}

/**
 * Sends a request and hangs up without waiting for an answer.
 *
 * @param url - of the webhook
 * @param request - with a body that fits into one packet
 * @param ms - milliseconds after it was sent
 */
export async function hangUpAfter(
	url: string,
	{ headers, body }: AttackRequest,
	ms: number,
): Promise<void> {
	const { hostname, port, pathname, host } = new URL(url);
	const lines = [`POST ${pathname} HTTP/1.1`, `host: ${host}`, `content-length: ${body.length}`];
	for (let n = 0; n < headers.length; n += 2) lines.push(`${headers[n]}: ${headers[n + 1]}`);
	const bytes = Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), body]);
	await new Promise<void>((resolve, reject) => {
		const socket = connect(Number(port), hostname, () => {
			socket.write(bytes, () => setTimeout(() => socket.destroy(), ms));
		});
		socket.once('error', reject).once('close', () => resolve());
	});
}

/**
 * Counts the executions of a workflow in n8n's database, once none is running.
 *
 * @param real - the n8n
 * @param workflowId - the workflow
 */
export async function countExecutions(real: RealN8n, workflowId: string): Promise<ExecutionCounts> {
	for (;;) {
		const [row] = await real.read<ExecutionCounts & { unfinished: number }>(
			`SELECT count(*) AS "all",
				coalesce(sum(d.data LIKE ?), 0) AS wentOn,
				coalesce(sum(e.status IN ('error', 'crashed')), 0) AS failed,
				coalesce(sum(e.status IN ('new', 'running')), 0) AS unfinished
			FROM execution_entity e JOIN execution_data d ON d.executionId = e.id
			WHERE e.workflowId = ?`,
			// In the run data, the name of a node that ran is a key; in the workflow's copy it is a value.
			`%"${NEXT}":%`,
			workflowId,
		);
		if (row && row.unfinished === 0) {
			return { all: row.all, wentOn: row.wentOn, failed: row.failed };
		}
		await delay(200);
	}
}
