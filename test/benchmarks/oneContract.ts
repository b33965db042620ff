/** How long one contract takes when the service is far away, compared with the same requests one after the other. */
import type { INodeParameters } from 'n8n-workflow';

import { makePdf } from '../sandbox/samplePdf';
import { sendBare } from './bareSending';
import type { PlainBenchmark } from './benchmark';
import { IN_SIGNER, startBenchmarkEngine } from './engine';
import type { FarServer } from './farServer';
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
const IN_A_ROW =
	'undici, one request after the other, each over a connection of its own, as n8n makes them';
const KEPT = 'undici, one request after the other over one connection';

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
		`One contract with two signers and six fields, in n8n's engine, over TLS from a sandbox in another process that is ${AWAY_MS} ms away, there and back. The scripts read the document before and after sending, as the node once did`,
	run: async ({ say }) => {
		const server = await startInOwnProcess<FarServer>('farServer.ts', {
			requestsPerMinute: 1_000_000,
			roundTripMs: AWAY_MS,
		});
		const engine = await startBenchmarkEngine(say);
		try {
			const { apiUrl, apiKey } = server.ready;
			// No one has signed its certificate, and Node.js reads other authorities only when it starts.
			process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
			const pdf = Buffer.from(await makePdf('Contract', ['To be signed.']));
			const data = await engine.binary.put(pdf, 'Contract.pdf', 'application/pdf');
			const signers = people.map((person, order) => ({ ...person, role: 'signer', order }));
			const bare = { name: 'Contract', pdf, signers, fields };
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
					rival(
						IN_A_ROW,
						async () => await sendBare(server.ready, bare, { reading: true, reset: true }),
					),
					rival(KEPT, async () => await sendBare(server.ready, bare, { reading: true })),
				],
				ROUNDS,
			);
			const wallOf = (name: string) => (made.get(name) ?? []).map(({ wallMs }) => wallMs);
			return {
				rows: [...made.keys()].map((name) => ({
					Sender: name,
					'Wall ms': rounded(median(wallOf(name)), 0),
					'Spread ms': spread(wallOf(name), 0),
				})),
				conclusions: [
					{
						what: 'Time of the requests one after the other, each over a connection of its own',
						value: ratio(wallOf(OURS), wallOf(IN_A_ROW)),
						goal: 0.6,
					},
					{
						what: 'Time of the requests one after the other over one connection',
						value: ratio(wallOf(OURS), wallOf(KEPT)),
					},
				],
			};
		} finally {
			delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
			await engine.stop();
			await server.stop();
		}
	},
};
