import { ErrorReporter, HookContext, WebhookContext } from 'n8n-core';
import type {
	CloseFunction,
	IDataObject,
	IHttpRequestMethods,
	INode,
	INodeExecutionData,
	INodeParameters,
	IWebhookData,
	IWebhookDescription,
	IWebhookResponseData,
	WebhookSetupMethodNames,
	WorkflowActivateMode,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import { deepCopy, NodeHelpers, resolveWebhookDescriptionField, Workflow } from 'n8n-workflow';

import { createAdditionalData } from './additionalData';
import type { CredentialData } from './credentialStore';
import { CredentialStore } from './credentialStore';
import type { EngineResult, ExecutionParts, RunOptions } from './workflowRun';
import { completeNode, DEFAULT_WORKFLOW_ID, runWorkflow } from './workflowRun';
import type { WebhookCall, WebhookRequest } from './webhookRequest';
import { createWebhookRequest } from './webhookRequest';
import { RecordedResponse } from './webhookResponse';

export interface TriggerOptions {
	credentials?: CredentialData;
	/** What WEBHOOK_URL says in n8n. */
	webhookUrl?: string;
	workflowId?: string;
	/** The node's static data as left by earlier calls. */
	staticData?: IDataObject;
	/** `trigger`: the published workflow and its production URL; `manual`: a test run and its URL. */
	mode?: 'trigger' | 'manual';
	/** Why n8n registers a published workflow; `activate` if left out. A test run is `manual`. */
	activation?: WorkflowActivateMode;
	/** Name, version, webhookId and so on of the node. `webhookId: undefined` leaves it without one. */
	node?: Partial<INode>;
}

/** How one call to a webhook ended. */
export interface Delivery {
	/** False if nothing answered: the caller would hang until its timeout. */
	answered: boolean;
	status?: number;
	headers: Record<string, string>;
	/** Parsed if it is JSON, otherwise text. */
	body: unknown;
	/** Items the execution starts with, by output; undefined if no execution starts. */
	started?: INodeExecutionData[][];
	noWebhookResponse: boolean;
	/** What webhook() threw. n8n then answers 500 and stores a failed execution. */
	thrown?: Error;
}

/** A trigger node in a workflow that n8n knows. */
export interface TriggerHandle {
	/** The URL n8n listens on for this handle's mode. */
	readonly webhookUrl: string;
	/** The saved static data of the node. A copy: assign to replace it, as a restore would. */
	staticData: IDataObject;
	/** Calls webhookMethods.default.checkExists. */
	checkExists(): Promise<boolean>;
	/** Calls webhookMethods.default.create. */
	create(): Promise<boolean>;
	/** Calls webhookMethods.default.delete. */
	delete(): Promise<boolean>;
	/**
	 * Registers as n8n does: checkExists, then create if that was false. If either throws, n8n calls delete, whose
	 * own failure is only logged, and the first error stands.
	 */
	activate(): Promise<void>;
	/**
	 * A call from outside, up to the point where n8n would start the execution.
	 *
	 * @throws Error if the node answered by itself and lets n8n answer again
	 */
	deliver(call: WebhookCall): Promise<Delivery>;
	/**
	 * Runs the execution that a delivery started, to its end; the trigger is its only node.
	 *
	 * @param delivery - one that started an execution
	 * @param options - `executionId` to run the same one again, `mode: 'retry'` for a person's retry
	 */
	execute(
		delivery: Delivery,
		options?: Pick<RunOptions, 'executionId' | 'mode'>,
	): Promise<EngineResult>;
}

/**
 * A trigger node set up through n8n-core's real HookContext and WebhookContext. Every call gets a fresh Workflow with
 * a copy of the saved static data, which is written back as a whole afterwards if it changed: with concurrent calls
 * the last writer wins, as in n8n's database.
 *
 * Relies on n8n 2.41: hooks of a published workflow run in mode `trigger`, delete in `internal`, calls in `webhook`;
 * a test run uses `manual`, has static data of its own and does not save what webhook() changes; a create that throws
 * keeps what it stored for the delete that follows.
 *
 * @throws Error if the node type has no webhook named `default`
 */
export function createTrigger(
	parts: ExecutionParts,
	type: string,
	parameters: INodeParameters,
	options: TriggerOptions = {},
): TriggerHandle {
	return new WebhookTrigger(parts, type, parameters, options);
}

class WebhookTrigger implements TriggerHandle {
	readonly webhookUrl: string;

	private readonly node: INode;

	private readonly description: IWebhookDescription;

	private readonly store: CredentialStore;

	private readonly isTest: boolean;

	private saved: IDataObject;

	constructor(
		private readonly parts: ExecutionParts,
		type: string,
		parameters: INodeParameters,
		private readonly options: TriggerOptions,
	) {
		const { nodeTypes, credentialTypes } = parts;
		this.store = new CredentialStore(credentialTypes, nodeTypes, options.credentials ?? {});
		this.node = completeNode(
			{
				name: 'Trigger',
				// n8n gives every new webhook node one; it becomes part of the URL.
				webhookId: '6f1c3b1e-3a0e-4b57-9f0c-0d6f3c1f7a11',
				parameters,
				type,
				...options.node,
			},
			nodeTypes,
			this.store,
		);
		this.isTest = options.mode === 'manual';
		this.saved = { [this.staticDataKey]: deepCopy(options.staticData ?? {}) };
		const { webhooks = [] } = this.nodeType.description;
		const description = webhooks.find(({ name }) => name === 'default');
		if (!description) throw new Error(`Node type "${type}" has no webhook named "default"`);
		this.description = description;
		this.webhookUrl = this.hookContext(this.load(), 'internal', 'update').getNodeWebhookUrl(
			'default',
		) as string;
	}

	get staticData(): IDataObject {
		const data = this.saved[this.staticDataKey];
		return deepCopy((data ?? {}) as IDataObject);
	}

	set staticData(data: IDataObject) {
		this.saved = { ...this.saved, [this.staticDataKey]: deepCopy(data) };
	}

	async checkExists(): Promise<boolean> {
		return await this.callAndSave('checkExists');
	}

	async create(): Promise<boolean> {
		return await this.callAndSave('create');
	}

	async delete(): Promise<boolean> {
		return await this.callAndSave('delete');
	}

	async activate(): Promise<void> {
		const workflow = this.load();
		try {
			const exists = await this.callHook('checkExists', workflow);
			if (!exists) await this.callHook('create', workflow);
		} catch (error) {
			try {
				await this.callHook('delete', workflow);
			} catch (deleteError) {
				this.parts.services.logs.push({
					level: 'error',
					message: `Could not remove webhook "${this.node.name}" because of error: "${messageOf(deleteError)}"`,
				});
			}
			this.save(workflow);
			throw error;
		}
		this.save(workflow);
	}

	async deliver(call: WebhookCall): Promise<Delivery> {
		const response = new RecordedResponse();
		const path = new URL(this.webhookUrl).pathname;
		let request: WebhookRequest;
		try {
			request = await createWebhookRequest(call, path, this.node.typeVersion);
		} catch {
			// n8n refuses a broken body before it calls the node.
			response.status(422).json({ code: 422, message: 'Failed to parse request body' });
			return finish(response, { noWebhookResponse: false });
		}
		if (call.hungUp) response.hangUp();

		const workflow = this.load();
		const mode: WorkflowExecuteMode = this.isTest ? 'manual' : 'webhook';
		const additionalData = this.additionalData();
		// Typed there as whole express objects; these have the parts that contexts and nodes use.
		Object.assign(additionalData, { httpRequest: request, httpResponse: response });
		const webhookData = this.webhookData(workflow);
		const closeFunctions: CloseFunction[] = [];
		const context = new WebhookContext(
			workflow,
			this.node,
			additionalData,
			mode,
			webhookData,
			closeFunctions,
			null,
		);
		const { nodeType } = this;
		if (!nodeType.webhook) throw new Error('Node does not have any webhooks defined');

		let result: IWebhookResponseData;
		try {
			result = await nodeType.webhook.call(context);
		} catch (error) {
			if (!response.headersSent) {
				const message = 'Workflow Webhook Error: Workflow could not be started!';
				response.status(500).json({ code: 0, message });
			}
			this.parts.services.get(ErrorReporter).error(error);
			const failed = { noWebhookResponse: true, workflowData: [[{ json: {} }]] };
			return finish(response, failed, toError(error));
		} finally {
			await Promise.allSettled(closeFunctions.map(async (close) => await close()));
		}
		if (!this.isTest) this.save(workflow);
		this.answer(response, result, workflow, mode);
		return finish(response, result);
	}

	async execute(
		delivery: Delivery,
		options: Pick<RunOptions, 'executionId' | 'mode'> = {},
	): Promise<EngineResult> {
		if (!delivery.started) throw new Error('This delivery started no execution');
		return await runWorkflow(
			this.parts,
			{ id: this.options.workflowId, nodes: [this.node], connections: {}, staticData: this.saved },
			{
				mode: this.isTest ? 'manual' : 'webhook',
				credentials: this.options.credentials,
				webhookUrl: this.options.webhookUrl,
				input: delivery.started[0],
				startNode: this.node.name,
				...options,
			},
		);
	}

	/** n8n's own answer, if the node left it to n8n. */
	private answer(
		response: RecordedResponse,
		result: IWebhookResponseData,
		workflow: Workflow,
		mode: WorkflowExecuteMode,
	): void {
		if (result.noWebhookResponse) return;
		const own: unknown = result.webhookResponse;
		const status = Number(this.described(workflow, mode, 'responseCode', 200));
		if (result.workflowData === undefined) {
			answerWith(response, status, own ?? { message: 'Webhook call received' });
			return;
		}
		// In the other modes the running workflow answers.
		if (this.described(workflow, mode, 'responseMode', 'onReceived') !== 'onReceived') return;
		const data = this.described(workflow, mode, 'responseData', 'firstEntryJson');
		if (data === 'noData') answerWith(response, status, undefined);
		else answerWith(response, status, data || (own ?? { message: 'Workflow was started' }));
	}

	private described(
		workflow: Workflow,
		mode: WorkflowExecuteMode,
		field: string,
		fallback: string | number,
	): unknown {
		const native = resolveWebhookDescriptionField(this.node, this.description, field);
		if (native.resolved) return native.value;
		return workflow.expression.getSimpleParameterValue(
			this.node,
			this.description[field],
			mode,
			{},
			undefined,
			fallback,
		);
	}

	private async callAndSave(method: WebhookSetupMethodNames): Promise<boolean> {
		const workflow = this.load();
		try {
			return await this.callHook(method, workflow);
		} finally {
			this.save(workflow);
		}
	}

	private async callHook(method: WebhookSetupMethodNames, workflow: Workflow): Promise<boolean> {
		const hook = this.nodeType.webhookMethods?.default?.[method];
		// n8n treats a missing method as "no".
		if (!hook) return false;
		const mode = this.isTest ? 'manual' : 'trigger';
		const activation = this.isTest ? 'manual' : (this.options.activation ?? 'activate');
		const context =
			method === 'delete'
				? this.hookContext(workflow, 'internal', 'update')
				: this.hookContext(workflow, mode, activation);
		return await hook.call(context);
	}

	private hookContext(
		workflow: Workflow,
		mode: WorkflowExecuteMode,
		activation: WorkflowActivateMode,
	): HookContext {
		const additionalData = this.additionalData();
		const webhookData = this.webhookData(workflow);
		return new HookContext(workflow, this.node, additionalData, mode, activation, webhookData);
	}

	private webhookData(workflow: Workflow): IWebhookData {
		const path = String(this.described(workflow, 'internal', 'path', ''));
		const isFullPath = Boolean(this.described(workflow, 'internal', 'isFullPath', ''));
		const method = this.described(workflow, 'internal', 'httpMethod', 'GET');
		return {
			httpMethod: method as IHttpRequestMethods,
			node: this.node.name,
			path: NodeHelpers.getNodeWebhookPath(workflow.id, this.node, path, isFullPath),
			webhookDescription: this.description,
			workflowId: workflow.id,
			workflowExecuteAdditionalData: this.additionalData(),
			isTest: this.isTest,
		};
	}

	private additionalData() {
		const { services } = this.parts;
		const { webhookUrl } = this.options;
		return createAdditionalData({ services, credentials: this.store, webhookUrl });
	}

	private load(): Workflow {
		return new Workflow({
			id: this.options.workflowId ?? DEFAULT_WORKFLOW_ID,
			name: 'Test workflow',
			nodes: [this.node],
			connections: {},
			active: !this.isTest,
			nodeTypes: this.parts.nodeTypes,
			staticData: deepCopy(this.saved),
		});
	}

	private save(workflow: Workflow): void {
		if (workflow.staticData.__dataChanged === true) this.saved = deepCopy(workflow.staticData);
	}

	private get nodeType() {
		return this.parts.nodeTypes.getByNameAndVersion(this.node.type, this.node.typeVersion);
	}

	private get staticDataKey(): string {
		return `node:${this.node.name}`;
	}
}

function answerWith(response: RecordedResponse, status: number, body: unknown): void {
	if (typeof body === 'string') response.status(status).send(body);
	else response.status(status).json(body);
}

function finish(
	response: RecordedResponse,
	result: IWebhookResponseData,
	thrown?: Error,
): Delivery {
	const answered = response.writableEnded;
	return {
		...response.recorded(),
		answered,
		status: answered ? response.statusCode : undefined,
		started: result.workflowData,
		noWebhookResponse: result.noWebhookResponse === true,
		...(thrown ? { thrown } : {}),
	};
}

function toError(error: unknown): Error {
	return error instanceof Error ? error : new Error(messageOf(error));
}

function messageOf(error: unknown): string {
	return typeof error === 'object' && error !== null && 'message' in error
		? String(error.message)
		: String(error);
}
