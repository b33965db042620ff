/** Drives n8n over the API that its own editor uses (/rest), typed and without waiting blindly. */
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { request } from 'undici';

import type { Execution, ExecutionStatus, ExecutionSummary } from './execution';
import { decodeFlatted } from './execution';
import type { IBinaryData, IRunExecutionData } from 'n8n-workflow';

export interface Owner {
	email: string;
	password: string;
	firstName: string;
	lastName: string;
}

export interface CredentialInput {
	name: string;
	/** The name of the credential type, e.g. `inSignerApi`. */
	type: string;
	data: Record<string, unknown>;
}

export interface StoredCredential {
	id: string;
	name: string;
	type: string;
}

/** What the JSON export of a workflow holds; more fields are passed on as they are. */
export interface WorkflowInput {
	name: string;
	nodes: object[];
	connections: Record<string, object | undefined>;
	settings?: object;
	pinData?: object;
}

export interface StoredWorkflow {
	id: string;
	name: string;
	/** Names the saved state; publishing needs it. */
	versionId: string;
	active: boolean;
	activeVersionId: string | null;
	nodes: Array<{ id: string; name: string; type: string; webhookId?: string }>;
	/** What trigger nodes keep, by `node:<name>`; a test run has its own and does not show here. */
	staticData?: Record<string, unknown> | null;
}

/** Where the publication of a workflow stands, trigger node by trigger node. */
export interface PublicationStatus {
	status: 'in_progress' | 'not_published' | 'published' | 'partial' | 'failed';
	liveVersionId: string | null;
	pendingVersionId: string | null;
	triggers: Array<{ nodeId: string; status: string; errorMessage: string | null }>;
}

export interface RunOptions {
	/** Name of the node to start from; without it the first trigger in the workflow. */
	triggerNode?: string;
	/** Name of the last node to run; without it all. */
	destinationNode?: string;
	/** Output items by node name, used instead of running these nodes. Saved in the workflow. */
	pinData?: object;
}

export interface WaitOptions {
	/** In milliseconds; 60 000 without it. */
	timeoutMs?: number;
}

/** n8n answered a request with a failure. */
export class N8nApiError extends Error {
	constructor(
		readonly method: string,
		readonly path: string,
		readonly status: number,
		/** What n8n answered, as text. */
		readonly body: string,
	) {
		super(`n8n answered ${status} to ${method} ${path}: ${body.slice(0, 2_000)}`);
		this.name = 'N8nApiError';
	}
}

/** An execution as the API returns it. */
type StoredExecution = ExecutionSummary & { data: string };

const decoded = (stored: StoredExecution): Execution => ({
	...stored,
	data: decodeFlatted(stored.data) as IRunExecutionData,
});

const FINISHED: ExecutionStatus[] = ['success', 'error', 'crashed', 'canceled'];
const WAIT_MS = 60_000;
const POLL_MS = 100;

/** A password that n8n accepts (eight characters or more, a digit, a capital letter) and no one can guess. */
const newPassword = () => `N8n-${randomBytes(9).toString('base64url')}-1A`;

export class N8nClient {
	// n8n binds a login to the browser it came from, by this header; any fixed value will do.
	private readonly browserId = randomBytes(16).toString('hex');

	private cookie = '';

	/** @param url of the server, without a slash at the end */
	constructor(readonly url: string) {}

	/**
	 * Sends one request to n8n's internal API.
	 *
	 * @param path below /rest, beginning with a slash
	 * @returns what is in the `data` of the answer; `T` is the caller's knowledge of n8n 2.41
	 * @throws N8nApiError when n8n answers with a status of 400 or above
	 */
	async call<T>(
		method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
		path: string,
		body?: object,
	): Promise<T> {
		const response = await request(`${this.url}/rest${path}`, {
			method,
			headers: {
				'browser-id': this.browserId,
				...(this.cookie ? { cookie: this.cookie } : {}),
				...(body ? { 'content-type': 'application/json' } : {}),
			},
			body: body ? JSON.stringify(body) : undefined,
			headersTimeout: 120_000,
			bodyTimeout: 120_000,
			// A busy machine may take up a kept connection just as n8n closes it.
			reset: true,
		});
		const text = await response.body.text();
		if (response.statusCode >= 400) {
			throw new N8nApiError(method, `/rest${path}`, response.statusCode, text);
		}
		const cookies = [response.headers['set-cookie'] ?? []].flat();
		const login = cookies.find((cookie) => cookie.startsWith('n8n-auth='));
		if (login) this.cookie = login.split(';')[0] ?? '';
		const answer = (text === '' ? {} : JSON.parse(text)) as { data?: unknown };
		return answer.data as T;
	}

	/**
	 * Creates the account of the owner on a fresh server and logs in as the owner, with the editor's first-run hints
	 * answered.
	 *
	 * @param wanted what should not be made up
	 * @returns the account with its password
	 * @throws N8nApiError when the server has an owner already (use {@link login})
	 */
	async setUpOwner(wanted: Partial<Owner> = {}): Promise<Owner> {
		const owner: Owner = {
			email: 'owner@example.com',
			firstName: 'Olivia',
			lastName: 'Owner',
			password: newPassword(),
			...wanted,
		};
		await this.call('POST', '/owner/setup', owner);
		await this.call('PATCH', '/me/settings', {
			userActivated: true,
			easyAIWorkflowOnboarded: true,
		});
		await this.call('POST', '/owner/dismiss-banner', { banner: 'V1' });
		return owner;
	}

	/** @throws N8nApiError when email and password do not match */
	async login(email: string, password: string): Promise<void> {
		await this.call('POST', '/login', { emailOrLdapLoginId: email, password });
	}

	async createCredential(credential: CredentialInput): Promise<StoredCredential> {
		return await this.call('POST', '/credentials', credential);
	}

	/**
	 * Runs the credential test of its type, as the editor does after saving.
	 *
	 * @param credential with an `id` the stored one is tested, blanked values filled in by n8n
	 * @returns n8n's verdict and its message to the user
	 */
	async testCredential(
		credential: CredentialInput & { id?: string },
	): Promise<{ status: 'OK' | 'Error'; message: string }> {
		const test = async (id: string) =>
			await this.call<{ status: 'OK' | 'Error'; message: string }>('POST', '/credentials/test', {
				credentials: { ...credential, id },
			});
		return await test(credential.id ?? '').catch(async (error: unknown) => {
			if (!(error instanceof N8nApiError) || error.status !== 403 || credential.id) throw error;
			// Older versions of n8n only test what is stored.
			const { id } = await this.createCredential(credential);
			try {
				return await test(id);
			} finally {
				await this.call('DELETE', `/credentials/${id}`);
			}
		});
	}

	async createWorkflow(workflow: WorkflowInput): Promise<StoredWorkflow> {
		// Versions before 2.1 or so do not know by themselves that a new one is not active.
		return await this.call('POST', '/workflows', { settings: {}, active: false, ...workflow });
	}

	async workflow(id: string): Promise<StoredWorkflow> {
		return await this.call('GET', `/workflows/${id}`);
	}

	/**
	 * Reads n8n's own report of what the next major version breaks (Settings > Migration Report), freshly made.
	 *
	 * @param version - the one to move to
	 * @returns per rule that finds something, how many stored workflows it concerns
	 */
	async migrationIssues(version: 'v3'): Promise<Record<string, number>> {
		const { report } = await this.call<{
			report: { workflowResults: Array<{ ruleId: string; nbAffectedWorkflows: number }> };
		}>('POST', `/breaking-changes/report/refresh?version=${version}`);
		return Object.fromEntries(
			report.workflowResults
				.filter(({ nbAffectedWorkflows }) => nbAffectedWorkflows > 0)
				.map(({ ruleId, nbAffectedWorkflows }) => [ruleId, nbAffectedWorkflows]),
		);
	}

	/**
	 * Saves changes. They are a draft: an active workflow continues as it was published until {@link activate}.
	 *
	 * @param changes the fields to replace
	 */
	async updateWorkflow(id: string, changes: Partial<WorkflowInput>): Promise<StoredWorkflow> {
		return await this.call('PATCH', `/workflows/${id}`, changes);
	}

	/**
	 * Publishes the saved state and waits until n8n has registered (or failed to register) all its triggers: the
	 * request itself only puts the publication into a queue.
	 *
	 * @throws Error naming the trigger's message when a registration failed (n8n tries five times, about 15 seconds),
	 *   or when the publication does not settle in time
	 */
	async activate(id: string, options: WaitOptions = {}): Promise<PublicationStatus> {
		const { versionId } = await this.workflow(id);
		await this.publish(id, true, { versionId });
		const publication = await this.publicationSettled(id, options);
		const failed = publication.triggers.filter(({ status }) => status === 'failed');
		if (failed.length > 0) {
			const messages = failed.map(({ errorMessage }) => errorMessage ?? 'no message').join('; ');
			throw new Error(`Workflow ${id} could not be activated: ${messages}`);
		}
		return publication;
	}

	/** Unpublishes and waits until n8n has called the deregistration of all triggers. */
	async deactivate(id: string, options: WaitOptions = {}): Promise<PublicationStatus> {
		await this.publish(id, false, {});
		return await this.publicationSettled(id, options);
	}

	/** Where it stands. Older versions of n8n have no such list: there a publication is over with its answer. */
	async publicationStatus(id: string): Promise<PublicationStatus> {
		const answer = this.call<PublicationStatus>('GET', `/workflows/${id}/publication-status`);
		return await answer.catch(async (error: unknown) => {
			if (!(error instanceof N8nApiError) || error.status !== 404) throw error;
			const { active, versionId } = await this.workflow(id);
			return {
				status: active ? 'published' : 'not_published',
				liveVersionId: active ? versionId : null,
				pendingVersionId: null,
				triggers: [],
			};
		});
	}

	/** n8n 1.x has no such request; there being active is a field of the workflow. */
	private async publish(id: string, active: boolean, body: object): Promise<void> {
		const path = `/workflows/${id}/${active ? 'activate' : 'deactivate'}`;
		await this.call('POST', path, body).catch(async (error: unknown) => {
			if (!(error instanceof N8nApiError) || error.status !== 404) throw error;
			await this.call('PATCH', `/workflows/${id}`, { active, ...body });
		});
	}

	/**
	 * Waits until no publication of the workflow is under way.
	 *
	 * Rests on: n8n writes the order to publish and the answer to the request in one go, so that the state is
	 * `in_progress` from the answer on until every trigger has been tried.
	 */
	async publicationSettled(id: string, options: WaitOptions = {}): Promise<PublicationStatus> {
		return await this.poll(
			`the publication of workflow ${id} to settle`,
			async () => {
				const publication = await this.publicationStatus(id);
				return publication.status === 'in_progress' ? undefined : publication;
			},
			options,
		);
	}

	/** Removes a workflow, active or not: n8n only deletes what is archived, and archiving unpublishes. */
	async archiveAndDelete(id: string, options: WaitOptions = {}): Promise<void> {
		await this.call('POST', `/workflows/${id}/archive`, {});
		await this.publicationSettled(id, options);
		await this.call('DELETE', `/workflows/${id}`);
	}

	/**
	 * Runs a workflow by hand, the way the editor's button does.
	 *
	 * @returns the id of the execution, which has only begun: see {@link waitForExecution}
	 * @throws Error when n8n now waits for a test event instead; use {@link listen} for such triggers
	 */
	async run(workflowId: string, options: RunOptions = {}): Promise<string> {
		const answer = await this.runManually(workflowId, options);
		if (answer.executionId === undefined) {
			throw new Error(`Workflow ${workflowId} waits for a test event instead of running.`);
		}
		return answer.executionId;
	}

	/**
	 * Retries an execution that failed, as Retry in the list of executions does.
	 *
	 * @returns the new execution, when it is over
	 */
	async retry(executionId: string): Promise<Execution> {
		await this.call('POST', `/executions/${executionId}/retry`, { loadWorkflow: false });
		const [newest] = await this.executions();
		if (!newest) throw new Error('n8n has no execution');
		return await this.waitForExecution(newest.id);
	}

	/** Stops an execution, as **Stop** in the editor does. */
	async stop(executionId: string): Promise<void> {
		await this.call('POST', `/executions/${executionId}/stop`);
	}

	/**
	 * Starts a test run that waits for an event of its webhook trigger: n8n registers the test URL at once and
	 * removes it after one event or two minutes.
	 *
	 * @throws Error when the workflow ran without waiting
	 */
	async listen(workflowId: string, options: RunOptions = {}): Promise<void> {
		const answer = await this.runManually(workflowId, options);
		if (!answer.waitingForWebhook) {
			throw new Error(`Workflow ${workflowId} ran instead of waiting for a test event.`);
		}
	}

	/** Ends the waiting of {@link listen} before an event came. */
	async stopListening(workflowId: string): Promise<void> {
		await this.call('DELETE', `/test-webhook/${workflowId}`);
	}

	/**
	 * Lists executions, the newest first, at most 100.
	 *
	 * @param filter only those of a workflow, only those in one of these states
	 */
	async executions(
		filter: { workflowId?: string; status?: ExecutionStatus[] } = {},
	): Promise<ExecutionSummary[]> {
		const query = new URLSearchParams({ filter: JSON.stringify(filter), limit: '100' });
		const page = await this.call<{ results: ExecutionSummary[] }>(
			'GET',
			`/executions?${query.toString()}`,
		);
		return page.results;
	}

	/** Reads one execution with its data decoded. */
	async execution(id: string): Promise<Execution> {
		return decoded(await this.call<StoredExecution>('GET', `/executions/${id}`));
	}

	/**
	 * Waits until an execution is over, whether it succeeded or not.
	 *
	 * @returns what the reading showed that found it over
	 * @throws Error when it is not over in time
	 */
	async waitForExecution(id: string, options: WaitOptions = {}): Promise<Execution> {
		return await this.poll(
			`execution ${id} to end`,
			async () => {
				const stored = await this.call<StoredExecution>('GET', `/executions/${id}`).catch(
					(error: unknown) => {
						// Some versions of n8n (2.20) cannot read one that has only just begun.
						if (error instanceof N8nApiError && error.status === 500) return undefined;
						throw error;
					},
				);
				return stored && FINISHED.includes(stored.status) ? decoded(stored) : undefined;
			},
			options,
		);
	}

	/**
	 * Waits until a workflow has at least this many executions that are over.
	 *
	 * @param count including those from before the call
	 * @returns all that are over, the oldest first, with their data
	 * @throws Error when they are not there in time
	 */
	async waitForExecutions(
		workflowId: string,
		count: number,
		options: WaitOptions = {},
	): Promise<Execution[]> {
		const over = await this.poll(
			`${count} executions of workflow ${workflowId}`,
			async () => {
				const found = await this.executions({ workflowId, status: FINISHED });
				return found.length >= count ? found : undefined;
			},
			options,
		);
		return await Promise.all(
			over.reverse().map(async ({ id }) => await this.waitForExecution(id, options)),
		);
	}

	/** The names of all node types that n8n has loaded, e.g. `n8n-nodes-insigner.inSigner`. */
	async nodeTypes(): Promise<string[]> {
		return [...new Set((await this.nodeDescriptions()).map(({ name }) => name))];
	}

	/** What the editor is told of all node types, one entry for each version. */
	async nodeDescriptions(): Promise<Array<{ name: string; description: string }>> {
		const text = (await this.download('/types/nodes.json')).toString('utf8');
		return JSON.parse(text) as Array<{ name: string; description: string }>;
	}

	/**
	 * Reads a file of an execution.
	 *
	 * @param binary what the item says of it
	 */
	async file({ id = '' }: Pick<IBinaryData, 'id'>): Promise<Buffer> {
		return await this.download(
			`/rest/binary-data?${new URLSearchParams({ id, action: 'download' })}`,
		);
	}

	private async download(path: string): Promise<Buffer> {
		const response = await request(`${this.url}${path}`, {
			headers: { 'browser-id': this.browserId, cookie: this.cookie },
			reset: true,
		});
		const content = Buffer.from(await response.body.arrayBuffer());
		if (response.statusCode !== 200) {
			throw new N8nApiError('GET', path, response.statusCode, content.toString('utf8'));
		}
		return content;
	}

	private async runManually(
		workflowId: string,
		options: RunOptions,
	): Promise<{ executionId?: string; waitingForWebhook?: boolean }> {
		// n8n takes pinned data from the saved workflow only.
		const workflow = options.pinData
			? await this.updateWorkflow(workflowId, { pinData: options.pinData })
			: await this.workflow(workflowId);
		const trigger =
			options.triggerNode ??
			workflow.nodes.find(({ type }) => /trigger$|\.webhook$/i.test(type))?.name;
		if (trigger === undefined) throw new Error(`Workflow ${workflowId} has no trigger node.`);
		return await this.call('POST', `/workflows/${workflowId}/run`, {
			triggerToStartFrom: { name: trigger },
			// Older versions of n8n run what they are given, newer ones what they have.
			workflowData: workflow,
			...(options.destinationNode
				? { destinationNode: { nodeName: options.destinationNode, mode: 'inclusive' } }
				: {}),
		});
	}

	private async poll<T>(
		what: string,
		look: () => Promise<T | undefined>,
		{ timeoutMs = WAIT_MS }: WaitOptions,
	): Promise<T> {
		const deadline = Date.now() + timeoutMs;
		for (;;) {
			const found = await look();
			if (found !== undefined) return found;
			if (Date.now() > deadline) {
				throw new Error(`Waited ${timeoutMs / 1000} seconds in vain for ${what}.`);
			}
			await delay(POLL_MS);
		}
	}
}
