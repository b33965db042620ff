import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

import { startRealN8n, type RealN8n } from '../host/realN8n';

const MINUTE = 60_000;
const ACTION = 'n8n-nodes-insigner.inSigner';
const TRIGGER = 'n8n-nodes-insigner.inSignerTrigger';

let real: RealN8n;
const assistant = new Client({ name: 'an assistant that builds workflows', version: '1.0.0' });

/** Calls a tool of n8n's MCP server, which reads the same catalog of nodes as n8n's own assistant. */
async function ask(tool: string, args: Record<string, unknown>): Promise<string> {
	const { content, isError } = await assistant.callTool({ name: tool, arguments: args });
	const [first] = content as Array<{ type: string; text?: string }>;
	if (isError === true || first?.text === undefined) {
		throw new Error(`${tool} answered ${JSON.stringify(content)}`);
	}
	return first.text;
}

beforeAll(async () => {
	real = await startRealN8n((line) => process.stderr.write(`${line}\n`));
	await real.client.call('PATCH', '/mcp/settings', { mcpAccessEnabled: true });
	const { apiKey } = await real.client.call<{ apiKey: string }>('GET', '/mcp/api-key');
	await assistant.connect(
		new StreamableHTTPClientTransport(new URL(`${real.client.url}/mcp-server/http`), {
			requestInit: { headers: { authorization: `Bearer ${apiKey}` } },
		}),
	);
}, 30 * MINUTE);

afterAll(async () => {
	await assistant.close();
	await real?.stop();
}, MINUTE);

/** What people ask an assistant for, and the nodes it has to hear of. */
const REQUESTS: Array<[request: string, ...nodes: string[]]> = [
	['email a contract from Drive and file it when signed', ACTION, TRIGGER],
	['send contract for signature', ACTION],
	['sign pdf', ACTION],
	['when a document is signed', TRIGGER],
	['get an NDA signed by everyone in my sheet', ACTION],
	['remind people who have not signed the lease', ACTION],
	['electronic signature trigger', TRIGGER],
	['fill an offer letter template and get it signed', ACTION],
	['something like DocuSign', ACTION, TRIGGER],
	['signature request', ACTION],
];

it.each(REQUESTS)('an assistant that looks for "%s" finds the node', async (request, ...nodes) => {
	const found = [...(await ask('search_nodes', { queries: [request] })).matchAll(/^- (\S+)/gm)];
	expect(found.map(([, name]) => name)).toEqual(expect.arrayContaining(nodes));
});

it('it is told which operation to choose, and what to connect', async () => {
	const found = await ask('search_nodes', { queries: ['insigner'] });
	const [, action = '', , trigger = ''] = found.split(/^- /m);
	expect(action).toContain('@builderHint To send a contract use one node: document, createAndSend');
	expect(action).toContain(`- ${TRIGGER}: "Starts when it is signed`);
	expect(action).toMatch(/- createAndSend\n.*\n\s+@builderHint The usual choice for a PDF/);
	expect(trigger).toContain('never ask the user for a webhook URL or a secret');
});

it('it is told how to fill in an operation', async () => {
	const nodeIds = [
		{ nodeId: ACTION, resource: 'document', operation: 'createAndSend' },
		{ nodeId: TRIGGER },
	];
	const types = await ask('get_node_types', { nodeIds });
	for (const [parameter, told] of [
		['binaryPropertyName', 'A name, not a file'],
		['includeSigningLinks', 'Off unless the user asked for signing links.'],
		['sendOnceFor', 'Set it to the ID of the row, deal or order'],
		['events', '"When it is signed" means document.completed'],
		['downloadPdf', 'no download node is needed'],
	]) {
		expect(types).toMatch(
			new RegExp(`@builderHint [^\n]*${told}[^\n]*\\n(?:\\s+\\*[^\n]*\\n)+\\s*${parameter}\\?: `),
		);
	}
});
