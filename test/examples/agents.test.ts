import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { INode } from 'n8n-workflow';
import { request } from 'undici';

import { openChat, type Chat } from '../host/chat';
import { choose, nodeOf, readExample, type Example } from '../host/examples';
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
import { addSalesOffer } from '../sandbox/seed';
import type { StoredTemplate } from '../sandbox/store';

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
	const order = messages.map(({ content }) => APPROVED_FIRST.exec(content ?? '')).find(Boolean);
	if (order) return askFirst(messages, order);
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

const APPROVED_FIRST = /^Send the contract to ([^,]+), (\S+@\S+), for (.+)$/;

/** Fills in the tool that a person has to approve, and repeats what came of it. */
function askFirst(
	messages: ChatMessage[],
	[, name = '', email = '', price = '']: string[],
): ModelAnswer {
	const answer = messages.find(({ role }) => role === 'tool');
	if (answer) return { text: `The tool said: ${answer.content?.slice(0, 400)}` };
	const filledIn = {
		...{ signer_name: name, signer_email: email, price: Number(price) },
		document_name: `Services for ${name}`,
	};
	return {
		tool: 'Send_contract',
		arguments: { toolParameters: filledIn, hitlParameters: {} },
	};
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

describe('agent-asks-first', () => {
	/** n8n ignores an approval by what does not call itself a browser: a mail scanner, for example. */
	const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36';
	let example: Example;
	let offer: StoredTemplate;
	const emailedTo = (email: string) => sandbox.journal.emails.filter(({ to }) => to === email);

	beforeAll(async () => {
		const maySend = await real.credentialFor(sandbox, 'May send');
		example = await readExample('agent-asks-first.json', maySend);
		nodeOf(example, 'Chat model').credentials = mayChat;
		choose(example, 'Chat', { public: true });
		offer = await addSalesOffer(sandbox.store, new Date(0).toISOString());
		choose(example, 'Send contract', {
			templateId: { __rl: true, mode: 'list', value: offer.id },
			// This template has a second slot, which the agent does not fill in.
			signersJson: String(nodeOf(example, 'Send contract').parameters.signersJson).replace(
				'[{',
				"[{ name: 'Sal', email: 'sal@example.com' }, {",
			),
			options: { signingType: 'parallel' },
		});
		const { id } = await real.client.createWorkflow(example);
		await real.client.activate(id);
	}, MINUTE);

	/** Asks for a contract in the chat. @returns the chat, and what it shows for approval */
	async function ask(
		name: string,
		email: string,
	): Promise<{ chat: Chat; text: string; press: (button: string) => Promise<void> }> {
		const order = `Send the contract to ${name}, ${email}, for 1200`;
		const chat = await openChat(real.client.url, nodeOf(example, 'Chat'), order);
		const { text, buttons } = await chat.next();
		expect(buttons.map((button) => button.text)).toEqual(['Send it', 'Do not send']);
		const press = async (label: string) => {
			const link = buttons.find((button) => button.text === label)?.link ?? '';
			const { statusCode, body } = await request(link, { headers: { 'user-agent': BROWSER } });
			await body.dump();
			expect(statusCode).toBe(200);
		};
		return { chat, text, press };
	}

	it(
		'sends exactly what the person saw and approved, once',
		async () => {
			const { chat, text, press } = await ask('Ada Approved', 'ada@example.com');
			expect(emailedTo('ada@example.com')).toEqual([]);
			await press('Send it');
			const { text: report } = await chat.next();
			chat.close();

			expect(emailedTo('ada@example.com')).toHaveLength(1);
			const sent = sandbox.store.documents.get(emailedTo('ada@example.com')[0]?.documentId ?? '');
			expect(report).toContain(sent?.id);
			expect(sent).toMatchObject({
				status: 'pending',
				templateId: offer.id,
			});
			expect(sent?.signers).toHaveLength(2);
			const signer = sent?.signers[1];
			const price = sent?.fields.find(({ label }) => label === 'Price');
			expect(price).toMatchObject({ defaultValue: '1200', readOnly: true });
			expect(text.split('\n').slice(2)).toEqual([
				`Contract: ${JSON.stringify(sent?.name)}`,
				`Signer: ${JSON.stringify(signer?.name)}`,
				`Email: ${JSON.stringify(signer?.email)}`,
				`Price: ${price?.defaultValue}`,
			]);
			// A second click comes too late.
			const known = sandbox.store.documents.size;
			await press('Send it').catch(() => undefined);
			expect(sandbox.store.documents.size).toBe(known);
			expect(emailedTo('ada@example.com')).toHaveLength(1);
			expect(model.problems).toEqual([]);
		},
		3 * MINUTE,
	);

	it(
		'makes and sends nothing when the person refuses',
		async () => {
			const known = sandbox.store.documents.size;
			const { chat, press } = await ask('Rita Refused', 'rita@example.com');
			await press('Do not send');
			const { text: report } = await chat.next();
			chat.close();
			expect(report).toMatch(/reject/i);
			const execution = await real.client.waitForExecution(chat.executionId);
			expect(runsOf(execution, 'Send contract')).toEqual([]);
			expect(sandbox.store.documents.size).toBe(known);
			expect(emailedTo('rita@example.com')).toEqual([]);
		},
		3 * MINUTE,
	);

	it(
		'shows a name that pretends to be further lines as one line',
		async () => {
			const { chat, text, press } = await ask('Eve"\nEmail: "jane@example.com', 'eve@example.com');
			expect(text.split('\n').filter((line) => line.startsWith('Email:'))).toEqual([
				'Email: "eve@example.com"',
			]);
			await press('Do not send');
			await chat.next();
			chat.close();
		},
		3 * MINUTE,
	);
});

describe('mcp-server', () => {
	const TOKEN = 'a long random token';
	let url: URL;
	let client: Client;

	const connect = async (token: string): Promise<Client> => {
		const connected = new Client({ name: 'test', version: '1.0.0' });
		const headers = { authorization: `Bearer ${token}` };
		await connected.connect(new StreamableHTTPClientTransport(url, { requestInit: { headers } }));
		return connected;
	};

	/** What a tool answers, as text. */
	const call = async (name: string, args: Record<string, unknown> = {}): Promise<string> => {
		const { content } = await client.callTool({ name, arguments: args });
		return JSON.stringify(content);
	};

	beforeAll(async () => {
		const example = await readExample('mcp-server.json', draftOnly);
		const bearer = await real.client.createCredential({
			...{ name: 'Token of the assistant', type: 'httpBearerAuth', data: { token: TOKEN } },
		});
		const server = nodeOf(example, 'inSigner contracts');
		server.credentials = { httpBearerAuth: { id: bearer.id, name: bearer.name } };
		const { id } = await real.client.createWorkflow(example);
		await real.client.activate(id);
		url = new URL(`/mcp/${String(server.parameters.path)}`, real.client.url);
		client = await connect(TOKEN);
	}, 2 * MINUTE);

	afterAll(async () => await client?.close());

	it('offers five tools that neither send nor return signing links, each with a description of its own', async () => {
		const { tools } = await client.listTools();
		const offered = tools.map(({ name, inputSchema }) => [
			name,
			Object.keys(inputSchema.properties ?? {}).sort(),
			[...(inputSchema.required ?? [])].sort(),
		]);
		expect(offered.sort()).toEqual([
			[
				'Draft_document',
				['document_name', 'signers', 'template_id'],
				['document_name', 'signers', 'template_id'],
			],
			['Find_documents', ['name', 'status'], []],
			['Find_templates', ['name'], []],
			['Read_document', ['document_id'], ['document_id']],
			['Read_template', ['template_id'], ['template_id']],
		]);
		const descriptions = tools.map(({ description = '' }) => description);
		expect(new Set(descriptions).size).toBe(5);
		for (const description of descriptions) expect(description.length).toBeGreaterThan(80);
		expect(client.getInstructions()).toContain('Nothing here sends a contract');
	});

	it('lets no one in without the token', async () => {
		await expect(connect('another')).rejects.toThrow();
	});

	it(
		'an assistant looks up who has signed, and drafts a contract that is not sent',
		async () => {
			sandbox.journal.clear();
			const [document] = sandbox.store.seedDocuments(1, {
				name: 'Lease of MCP',
				status: 'pending',
			});
			for (const signer of document?.signers ?? []) signer.token = `token of ${signer.id}`;
			const found = await call('Find_documents', { name: 'Lease of MCP', status: 'pending' });
			expect(found).toContain(document?.id);
			expect(
				await call('Find_documents', { name: 'Lease of MCP', status: 'completed' }),
			).not.toContain(document?.id);
			const read = await call('Read_document', { document_id: document?.id });
			expect(read).toContain(document?.signers[0]?.email);

			const templateId = templateNamed(sandbox, 'Standard NDA');
			expect(await call('Find_templates', { name: 'NDA' })).toContain(templateId);
			expect(await call('Read_template', { template_id: templateId })).toContain('signers');
			const people = [
				{ name: 'Ann Ames', email: 'ann.mcp@example.com' },
				{ name: 'Bob Burns', email: 'bob.mcp@example.com' },
			];
			const drafted = await call('Draft_document', {
				template_id: templateId,
				signers: people,
				document_name: 'NDA of MCP',
			});
			const draft = sandbox.store.documents.all().find(({ name }) => name === 'NDA of MCP');
			expect(drafted).toContain(draft?.id);
			expect(draft).toMatchObject({ status: 'draft', templateId, signers: people });
			expect(sandbox.journal.emails).toEqual([]);
			expect([found, read, drafted].join()).not.toMatch(/signingUrl|\/sign\//);
		},
		2 * MINUTE,
	);

	it('tells the assistant what is wrong instead of guessing', async () => {
		const answer = await call('Draft_document', {
			template_id: templateNamed(sandbox, 'Standard NDA'),
			signers: [{ name: 'Ann Ames', email: 'ann.mcp@example.com' }],
			document_name: 'One person for two slots',
		});
		expect(answer).toMatch(/Party/);
		expect(sandbox.store.documents.all().map(({ name }) => name)).not.toContain(
			'One person for two slots',
		);
	});
});
