import type { INode } from 'n8n-workflow';

import { nodeOf, readExample, type Example } from '../host/examples';
import { jsonOf, runsOf, type Execution } from '../host/execution';
import {
	startModelStandIn,
	type ChatMessage,
	type ModelAnswer,
	type ModelStandIn,
} from '../host/modelStandIn';
import { startRealN8n, type CredentialReference, type RealN8n } from '../host/realN8n';
import { sendFromTemplate, templateNamed } from '../host/workflows';
import { startSandbox, type Sandbox } from '../sandbox/sandbox';

const MINUTE = 60_000;

/** What the README says to give an agent. */
const DRAFT_ONLY_SCOPES = [
	'templates.read',
	'documents.create',
	'documents.read',
	'documents.write',
	'documents.delete',
];

let sandbox: Sandbox;
let real: RealN8n;
let model: ModelStandIn;
let draftOnly: CredentialReference;
let mayChat: { openAiApi: { id: string; name: string } };

/** Finds the template, reads it, drafts the contract, and reports: each step uses what the tools answered before. */
function decide(messages: ChatMessage[]): ModelAnswer {
	const deal = messages.map(
		({ content }) => /^Send the contract of (.+)$/.exec(content ?? '')?.[1],
	);
	if (deal.some(Boolean)) return sendOnce(messages, deal.find(Boolean) ?? '');
	const answers = messages
		.filter(({ role }) => role === 'tool')
		.map(({ content }) => content ?? '');
	const [found, read, drafted] = answers;
	if (found === undefined) return { tool: 'Find_templates', arguments: { search: 'employment' } };
	const templateId = /"id":\s*"(tpl_\w+)"/.exec(found)?.[1];
	if (templateId === undefined) throw new Error(`No template id in: ${found}`);
	if (read === undefined) return { tool: 'Read_template', arguments: { template_id: templateId } };
	if (drafted === undefined) {
		return {
			tool: 'Draft_contract',
			arguments: {
				template_id: templateId,
				signer_name: 'Jane Smith',
				signer_email: 'jane@example.com',
				document_name: 'Employment of Jane Smith',
			},
		};
	}
	return { text: `Please look at the draft. The tool said: ${drafted.slice(0, 400)}` };
}

/** Calls the tool that sends, and repeats what it answered. */
function sendOnce(messages: ChatMessage[], deal: string): ModelAnswer {
	const answer = messages.find(({ role }) => role === 'tool');
	if (!answer) return { tool: 'Send_contract', arguments: { deal } };
	return { text: answer.content ?? '' };
}

beforeAll(async () => {
	sandbox = await startSandbox({ requestsPerMinute: 10_000, templates: 60 });
	model = await startModelStandIn(decide);
	real = await startRealN8n((line) => process.stderr.write(`${line}\n`));
	const { id } = await real.client.createCredential({
		name: 'Draft only',
		type: 'inSignerApi',
		data: {
			apiKey: sandbox.createKey({ scopes: DRAFT_ONLY_SCOPES }),
			baseUrl: sandbox.apiUrl,
		},
	});
	draftOnly = { inSignerApi: { id, name: 'Draft only' } };
	const openAi = await real.client.createCredential({
		name: 'Model stand-in',
		type: 'openAiApi',
		data: { apiKey: 'none', url: model.baseUrl, header: false },
	});
	mayChat = { openAiApi: { id: openAi.id, name: openAi.name } };
}, 30 * MINUTE);

afterAll(async () => {
	await real?.stop();
	await model?.stop();
	await sandbox?.stop();
}, MINUTE);

async function exampleWithCredentials(): Promise<Example> {
	const example = await readExample('agent-drafts-contract.json', draftOnly);
	nodeOf(example, 'Chat model').credentials = mayChat;
	return example;
}

async function chat(chatInput: string): Promise<Execution> {
	const { id } = await real.client.createWorkflow(await exampleWithCredentials());
	const pinData = { Chat: [{ json: { sessionId: 'test', action: 'sendMessage', chatInput } }] };
	const execution = await real.client.run(id, { triggerNode: 'Chat', pinData });
	return await real.client.waitForExecution(execution, { timeoutMs: 2 * MINUTE });
}

it('n8n makes a tool of the action node but not of the trigger', async () => {
	const types = await real.client.nodeTypes();
	expect(types).toContain('n8n-nodes-insigner.inSignerTool');
	expect(types).not.toContain('n8n-nodes-insigner.inSignerTriggerTool');
});

it(
	'an agent finds a template, drafts a contract from it and sends nothing',
	async () => {
		const before = sandbox.store.documents.size;
		const execution = await chat('Draft the employment contract for Jane Smith, jane@example.com');

		expect(model.problems).toEqual([]);
		expect(execution.status).toBe('success');
		expect(model.asked()).toBe(4);
		expect(sandbox.store.documents.size).toBe(before + 1);
		const draft = sandbox.store.documents.all().at(-1);
		expect(draft).toMatchObject({
			name: 'Employment of Jane Smith',
			status: 'draft',
			templateId: templateNamed(sandbox, 'Employment Contract'),
		});
		expect(draft?.signers.map(({ name, email }) => ({ name, email }))).toEqual([
			{ name: 'Jane Smith', email: 'jane@example.com' },
		]);
		expect(sandbox.journal.emails).toEqual([]);
		expect(String(jsonOf(execution, 'Contract assistant')[0]?.output)).toContain(draft?.id);
		expect(runsOf(execution, 'Send document')).toEqual([]);
	},
	3 * MINUTE,
);

it('the agent is offered exactly what it may fill in', () => {
	const offered = [...model.tools.values()].map(({ name, parameters }) => [
		name,
		Object.keys(parameters.properties).sort(),
	]);
	expect(Object.fromEntries(offered)).toEqual({
		Find_templates: ['search'],
		Read_template: ['template_id'],
		Draft_contract: ['document_name', 'signer_email', 'signer_name', 'template_id'],
	});
});

it(
	"inSigner itself refuses to send with the agent's key",
	async () => {
		const draft = sandbox.store.documents.all().at(-1);
		const { id } = await real.client.createWorkflow(await exampleWithCredentials());
		const pinData = { Approve: [{ json: { 'Document ID': draft?.id ?? '' } }] };
		const run = await real.client.run(id, { triggerNode: 'Approve', pinData });
		const execution = await real.client.waitForExecution(run);
		expect(execution.status).toBe('error');
		expect(execution.data.resultData.error?.message).toMatch(/documents\.send|scope/i);
		expect(draft?.status).toBe('draft');
		expect(sandbox.journal.emails).toEqual([]);
	},
	MINUTE,
);

it.each([1.9, 2.2, 3.1])(
	'an agent of version %d sends once for a key, whatever it is asked again',
	async (typeVersion) => {
		const credentials = await real.credentialFor(sandbox, `Agent ${typeVersion}`);
		const example = await exampleWithCredentials();
		const keep = ['Chat', 'Contract assistant', 'Chat model'];
		const nodes = example.nodes.filter(({ name }) => keep.includes(name));
		nodeOf({ ...example, nodes }, 'Contract assistant').typeVersion = typeVersion;
		const tool: INode = {
			...{ id: 'send', name: 'Send contract', type: 'n8n-nodes-insigner.inSignerTool' },
			...{ typeVersion: 1, position: [0, 0], credentials: { ...credentials } },
			parameters: {
				...sendFromTemplate(templateNamed(sandbox, 'Employment Contract')),
				descriptionType: 'manual',
				toolDescription: 'Sends the contract of a deal.',
				name: 'Contract of the agent',
				signersJson: [{ name: 'Ann', email: `agent${typeVersion}@example.com` }],
				options: { sendOnceFor: "={{ $fromAI('deal', `Name of the deal`, 'string') }}" },
			},
		};
		const { id } = await real.client.createWorkflow({
			name: `Agent ${typeVersion}`,
			nodes: [...nodes, tool],
			connections: {
				Chat: example.connections.Chat,
				'Chat model': example.connections['Chat model'],
				'Send contract': {
					ai_tool: [[{ node: 'Contract assistant', type: 'ai_tool', index: 0 }]],
				},
			},
		});
		const ask = async () => {
			const chatInput = `Send the contract of deal ${typeVersion}`;
			const pinData = { Chat: [{ json: { sessionId: 'test', action: 'sendMessage', chatInput } }] };
			const run = await real.client.run(id, { triggerNode: 'Chat', pinData });
			const execution = await real.client.waitForExecution(run, { timeoutMs: 2 * MINUTE });
			return JSON.stringify(execution.data.resultData);
		};
		expect(await ask()).not.toContain('alreadySent');
		expect(await ask()).toContain('alreadySent');
		const emailed = sandbox.journal.emails.filter(
			({ to }) => to === `agent${typeVersion}@example.com`,
		);
		expect(emailed).toHaveLength(1);
	},
	3 * MINUTE,
);
