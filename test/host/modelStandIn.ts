/** A stand-in for a language model: a server that speaks the chat completions API as far as n8n's OpenAI node uses it. */
import fastify from 'fastify';

/** A value of a JSON schema, as far as n8n describes the arguments of its tools. */
interface ArgumentSchema {
	type?: string | string[];
	description?: string;
	properties?: Record<string, ArgumentSchema>;
	required?: string[];
}

/** The arguments of a call; human review nests those of the tool in its own. */
export interface ToolArguments {
	[name: string]: string | number | boolean | ToolArguments;
}

export interface OfferedTool {
	name: string;
	description: string;
	parameters: ArgumentSchema & { properties: Record<string, ArgumentSchema> };
}

export interface ChatMessage {
	role: 'system' | 'user' | 'assistant' | 'tool';
	content: string | null;
}

/** What the model answers: it wants a tool to be called, or it says something. */
export type ModelAnswer = { tool: string; arguments: ToolArguments } | { text: string };

export interface ModelStandIn {
	/** For the credential. */
	readonly baseUrl: string;
	/** The tools that were offered, by name. */
	readonly tools: ReadonlyMap<string, OfferedTool>;
	/** What went wrong in requests or in the answers to them; empty if all went well. */
	readonly problems: string[];
	/** How often it was asked. */
	asked(): number;
	stop(): Promise<void>;
}

interface ChatRequest {
	messages: ChatMessage[];
	tools?: Array<{ type: 'function'; function: OfferedTool }>;
	stream?: boolean;
}

/**
 * Starts it on a free port of the loopback interface. A call is checked against the schema that the tool offers, as
 * services with strict tool calling do.
 *
 * @param decide - the answer to a conversation, which begins with the instructions
 * @returns the running server; call `stop` at the end
 */
export async function startModelStandIn(
	decide: (messages: ChatMessage[]) => ModelAnswer,
): Promise<ModelStandIn> {
	const tools = new Map<string, OfferedTool>();
	const problems: string[] = [];
	let count = 0;
	const server = fastify({ bodyLimit: 10_000_000 });

	server.post<{ Body: ChatRequest }>('/v1/chat/completions', async ({ body }, reply) => {
		count += 1;
		for (const { function: tool } of body.tools ?? []) tools.set(tool.name, tool);
		let answer: ModelAnswer;
		try {
			answer = decide(body.messages);
			if ('tool' in answer) checkCall(tools.get(answer.tool), answer);
		} catch (error) {
			const message = error instanceof Error ? error.message : String(error);
			problems.push(message);
			return await reply.code(400).send({ error: { message, type: 'invalid_request_error' } });
		}
		const id = `chatcmpl-${count}`;
		const content = 'text' in answer ? answer.text : null;
		const calls =
			'tool' in answer
				? [
						{
							id: `call_${count}`,
							type: 'function',
							function: { name: answer.tool, arguments: JSON.stringify(answer.arguments) },
						},
					]
				: undefined;
		const common = { id, created: Math.floor(Date.now() / 1000), model: 'stand-in' };
		const finish = calls ? 'tool_calls' : 'stop';
		if (!body.stream) {
			return {
				...common,
				object: 'chat.completion',
				choices: [
					{
						index: 0,
						finish_reason: finish,
						message: { role: 'assistant', content, ...(calls && { tool_calls: calls }) },
					},
				],
				usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
			};
		}
		const chunk = (delta: object, reason: string | null) =>
			`data: ${JSON.stringify({
				...common,
				object: 'chat.completion.chunk',
				choices: [{ index: 0, delta, finish_reason: reason }],
			})}\n\n`;
		const delta = {
			role: 'assistant',
			content,
			...(calls && { tool_calls: calls.map((call, index) => ({ index, ...call })) }),
		};
		return await reply
			.type('text/event-stream')
			.send(`${chunk(delta, null)}${chunk({}, finish)}data: [DONE]\n\n`);
	});

	const origin = await server.listen({ host: '127.0.0.1', port: 0 });
	return {
		baseUrl: `${origin}/v1`,
		tools,
		problems,
		asked: () => count,
		stop: async () => await server.close(),
	};
}

function checkCall(
	tool: OfferedTool | undefined,
	call: { tool: string; arguments: ToolArguments },
): void {
	if (!tool) throw new Error(`No tool ${call.tool} is offered`);
	checkArguments(call.tool, tool.parameters, call.arguments);
}

function checkArguments(
	where: string,
	{ properties = {}, required = [] }: ArgumentSchema,
	given: ToolArguments,
): void {
	for (const name of required) {
		if (!(name in given)) throw new Error(`${where} needs the argument ${name}`);
	}
	for (const [name, value] of Object.entries(given)) {
		const schema = properties[name];
		if (!schema) throw new Error(`${where} has no argument ${name}`);
		const types = [schema.type ?? typeof value].flat();
		if (!types.includes(typeof value)) {
			throw new Error(`${where}: ${name} is ${typeof value} instead of ${types.join(' or ')}`);
		}
		if (typeof value === 'object') checkArguments(`${where}: ${name}`, schema, value);
	}
}
