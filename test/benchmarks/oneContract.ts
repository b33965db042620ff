/** How long one contract takes when the service is far away, compared with the same requests one after the other. */
import type { INodeParameters } from 'n8n-workflow';
import { request } from 'undici';

import { makePdf } from '../sandbox/samplePdf';
import { sendBare, type Server } from './bareSending';
import type { PlainBenchmark } from './benchmark';
import { IN_SIGNER, startBenchmarkEngine } from './engine';
import {
	alternate,
	median,
	ratio,
	rounded,
	spread,
	timed,
	type Rival,
	type Sample,
} from './measuring';
import { startInOwnProcess } from './ownProcess';

const ROUNDS = 5;
const AWAY_MS = 100;

const OURS = 'inSigner, Create and Send';
const IN_A_ROW = 'undici, one request after the other, reading before and after sending';

const people = ['Ann', 'Bob'].map((name) => ({ name, email: `${name.toLowerCase()}@example.com` }));
const places = [72, 160, 250].map((y) => ({ page: 1, y, width: 150, height: 40 }));
const fields = people.flatMap((_, order) =>
	places.map((place, index) => ({
		type: index === 0 ? 'signature' : 'text',
		assignedTo: order,
		x: 72 + order * 220,
		...place,
	})),
);

const parameters: INodeParameters = {
	resource: 'document',
	operation: 'createAndSend',
	name: 'Contract',
	binaryPropertyName: 'data',
	signers: { signer: people.map((person) => ({ ...person, role: 'signer', phone: '' })) },
	specifyFields: 'json',
	fieldsJson: JSON.stringify(fields),
	options: {},
};

export const oneContract: PlainBenchmark = {
	withoutN8n: true,
	title: () =>
		`One contract with two signers and six fields, in n8n's engine, from a sandbox in another process that holds each answer for ${AWAY_MS} ms`,
	run: async ({ say }) => {
		const server = await startInOwnProcess<Server>('sandboxServer.ts', {
			requestsPerMinute: 1_000_000,
		});
		const engine = await startBenchmarkEngine(say);
		try {
			const { apiUrl, webUrl, apiKey } = server.ready;
			await request(`${webUrl}/_sandbox/faults`, {
				method: 'POST',
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify({ fault: { hangMs: AWAY_MS } }),
			});
			const pdf = Buffer.from(await makePdf('Contract', ['To be signed.']));
			const data = await engine.binary.put(pdf, 'Contract.pdf', 'application/pdf');
			const rival = (name: string, work: () => Promise<void>): Rival<Sample> => ({
				name,
				run: async () => await timed(work),
			});
			say(`oneContract: ${ROUNDS} rounds`);
			const made = await alternate(
				[
					rival(OURS, async () => {
						const { error } = await engine.runNode(IN_SIGNER, parameters, {
							items: [{ json: {}, binary: { data } }],
							credentials: { inSignerApi: { apiKey, baseUrl: apiUrl } },
						});
						if (error) throw new Error(error.message);
					}),
					rival(IN_A_ROW, async () => {
						const signers = people.map((person, order) => ({ ...person, role: 'signer', order }));
						await sendBare(server.ready, { name: 'Contract', pdf, signers, fields }, true);
					}),
				],
				ROUNDS,
			);
			const wallOf = (name: string) => (made.get(name) ?? []).map(({ wallMs }) => wallMs);
			const share = ratio(wallOf(OURS), wallOf(IN_A_ROW));
			return {
				rows: [...made.keys()].map((name) => ({
					Sender: name,
					'Wall ms': rounded(median(wallOf(name)), 0),
					'Spread ms': spread(wallOf(name), 0),
				})),
				conclusions: [
					{ what: 'Time of the requests one after the other', value: share, goal: 0.6 },
				],
			};
		} finally {
			await engine.stop();
			await server.stop();
		}
	},
};
