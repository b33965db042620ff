/** A person in n8n's hosted chat, over what its page uses. */
import { randomUUID } from 'node:crypto';

import type { INode } from 'n8n-workflow';
import { request, WebSocket } from 'undici';

/** What the chat shows. */
export interface ShownMessage {
	text: string;
	/** Empty where the person may just type. */
	buttons: Array<{ text: string; link: string }>;
}

export interface Chat {
	executionId: string;
	/** Waits for what the chat shows next. @throws Error when there is nothing within a minute */
	next(): Promise<ShownMessage>;
	close(): void;
}

const WAIT_MS = 60_000;

/**
 * Opens a chat with a first message. Rests on: the page of n8n 2.41 posts the message, opens a socket for the execution
 * that this starts, and answers each heartbeat.
 *
 * @param n8nUrl - of the server, without a slash at the end
 * @param trigger - the Chat Trigger, public and with **Using Response Nodes**
 * @param chatInput - what the person writes
 * @throws Error when n8n does not start an execution
 */
export async function openChat(
	n8nUrl: string,
	{ webhookId }: Pick<INode, 'webhookId'>,
	chatInput: string,
): Promise<Chat> {
	const sessionId = randomUUID();
	const answer = await request(`${n8nUrl}/webhook/${webhookId}/chat`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ action: 'sendMessage', sessionId, chatInput }),
	});
	const text = await answer.body.text();
	const { executionId, resumeToken } = JSON.parse(text) as Record<string, string | undefined>;
	if (executionId === undefined) throw new Error(`n8n answered to the chat: ${text}`);

	const query = new URLSearchParams({ sessionId, executionId, isPublic: 'true' });
	if (resumeToken) query.set('token', resumeToken);
	const socket = new WebSocket(`${n8nUrl.replace(/^http/, 'ws')}/chat?${query.toString()}`);
	const shown: ShownMessage[] = [];
	let arrived: () => void = () => undefined;
	socket.addEventListener('message', ({ data }) => {
		const message = String(data);
		if (message === 'n8n|heartbeat') socket.send('n8n|heartbeat-ack');
		else if (!message.startsWith('n8n|')) {
			shown.push(readMessage(message));
			arrived();
		}
	});
	return {
		executionId,
		next: async () => {
			if (shown.length === 0) {
				await new Promise<void>((done, failed) => {
					const late = () => failed(new Error(`The chat showed nothing for ${WAIT_MS / 1000} s`));
					const timer = setTimeout(late, WAIT_MS);
					arrived = () => {
						clearTimeout(timer);
						done();
					};
				});
			}
			return shown.shift() ?? { text: '', buttons: [] };
		},
		close: () => socket.close(),
	};
}

/** A message with buttons is JSON, any other is its text. */
function readMessage(message: string): ShownMessage {
	if (!message.startsWith('{"type":"with-buttons"')) return { text: message, buttons: [] };
	return JSON.parse(message) as ShownMessage;
}
