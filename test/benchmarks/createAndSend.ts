/** Many contracts through Create and Send, compared with a script that sends the fewest requests possible. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import type { INodeParameters } from 'n8n-workflow';
import { request } from 'undici';

import { makePdf } from '../sandbox/samplePdf';
import type { Journal } from '../sandbox/journal';
import { sendBare, type Server } from './bareSending';
import type { PlainBenchmark, Row } from './benchmark';
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

const CONTRACTS = 200;
const ROUNDS = 3;

/** In one run, to see what memory it takes; the limit of the key lets them pass in about an hour. */
const MANY_CONTRACTS = 1_000;

const OURS = 'inSigner, Create and Send';
const BARE = 'undici, the fewest requests';

/** Create, ask where to upload, upload, one signer, one field, send. */
const FEWEST = 6;

const signer = { name: 'Ann Example', email: 'ann@example.com' };
const size = { width: 180, height: 50 };
const place = { page: 1, x: 72, y: 600 };

const signers = [{ ...signer, role: 'signer', order: 0 }];
const fields = [{ type: 'signature', assignedTo: 0, ...place, ...size }];

const parameters: INodeParameters = {
	resource: 'document',
	operation: 'createAndSend',
	name: '={{ $json.title }}',
	binaryPropertyName: 'data',
	signers: { signer: [{ ...signer, role: 'signer', phone: '' }] },
	specifyFields: 'form',
	fields: {
		field: [
			{ type: 'signature', position: 'coordinates', signer: '1', ...place, fieldOptions: size },
		],
	},
	options: {},
};

export const createAndSend: PlainBenchmark = {
	withoutN8n: true,
	title: () =>
		`${CONTRACTS} contracts with one signer and one field, one after the other, in n8n's engine, next to a script that checks nothing and reads nothing back. Both talk to a sandbox in another process`,
	run: async ({ say, items = CONTRACTS }) => {
		const server = await startInOwnProcess<Server>('sandboxServer.ts', {
			requestsPerMinute: 1_000_000,
		});
		const engine = await startBenchmarkEngine(say);
		try {
			const { apiUrl, webUrl, apiKey } = server.ready;
			const pdf = Buffer.from(await makePdf('Contract', ['To be signed.']));
			const data = await engine.binary.put(pdf, 'Contract.pdf', 'application/pdf');
			const contractsFor = (count: number) =>
				Array.from({ length: count }, (_, index) => ({
					json: { title: `Contract ${index + 1}` },
					binary: { data },
				}));
			const contracts = contractsFor(items);
			const send = async (count: number) => {
				const { items: sent, error } = await engine.runNode(IN_SIGNER, parameters, {
					items: contractsFor(count),
					credentials: { inSignerApi: { apiKey, baseUrl: apiUrl } },
				});
				if (error) throw new Error(error.message);
				// What n8n would have written to its log, the engine keeps.
				engine.logs.length = 0;
				return sent;
			};
			const rival = (name: string, work: () => Promise<void>): Rival<Made> => ({
				name,
				run: async () => {
					await request(`${webUrl}/_sandbox/journal`, { method: 'DELETE' });
					const sample = await timed(work);
					const { body } = await request(`${webUrl}/_sandbox/journal`);
					const { requests, emails } = (await body.json()) as Pick<Journal, 'requests' | 'emails'>;
					const { length } = emails.filter(({ kind }) => kind === 'invitation');
					if (length !== items) throw new Error(`${name}: ${length} of ${items} contracts sent`);
					return { ...sample, requests: requests.map(({ operationId }) => operationId ?? 'PUT') };
				},
			});
			const rivals = [
				rival(OURS, async () => void (await send(items))),
				rival(BARE, async () => {
					for (const { json } of contracts) {
						await sendBare(server.ready, { name: json.title, pdf, signers, fields });
					}
				}),
			];
			say(`createAndSend: ${ROUNDS} rounds of ${items} contracts`);
			const made = await alternate(rivals, ROUNDS);
			say(`createAndSend: ${MANY_CONTRACTS} contracts in one run`);
			const memory = await memoryOf(async () => await send(MANY_CONTRACTS));
			return {
				rows: rowsOf(made, items),
				conclusions: [...conclusionsOf(made, items), ...memory],
			};
		} finally {
			await engine.stop();
			await server.stop();
		}
	},
};

interface Made extends Sample {
	/** The operation of each request. */
	requests: string[];
}

/** @param send - the second time counts, when all code is loaded */
async function memoryOf(send: () => Promise<object[]>) {
	setFlagsFromString('--expose-gc');
	const collectGarbage = runInNewContext('gc') as () => void;
	const heapMb = () => {
		collectGarbage();
		return process.memoryUsage().heapUsed / 1e6;
	};
	await send();
	const before = heapMb();
	let sent: object[] | undefined = await send();
	const kept = heapMb() - before;
	const output = JSON.stringify(sent).length / 1e6;
	sent = undefined;
	const left = heapMb() - before;
	const run = `${MANY_CONTRACTS} contracts in one run`;
	return [
		{ what: `${run}: memory held with their output items`, value: rounded(kept, 1), unit: ' MB' },
		{ what: `${run}: the output items as JSON`, value: rounded(output, 1), unit: ' MB' },
		{ what: `${run}: memory held after it`, value: rounded(left, 1), goal: 1, unit: ' MB' },
	];
}

function rowsOf(made: Map<string, Made[]>, contracts: number): Row[] {
	const wallOf = (name: string) => (made.get(name) ?? []).map(({ wallMs }) => wallMs);
	return [...made].map(([name, runs]) => ({
		Sender: name,
		'Requests per contract': rounded((runs[0]?.requests.length ?? 0) / contracts, 2),
		'Reads per contract': rounded(readsOf(runs[0]) / contracts, 2),
		'Wall s': rounded(median(wallOf(name)) / 1000, 2),
		'Spread s': spread(
			wallOf(name).map((ms) => ms / 1000),
			2,
		),
		'Processor s': rounded(median(runs.map(({ cpuMs }) => cpuMs)) / 1000, 2),
		'Of the script': ratio(wallOf(name), wallOf(BARE)),
	}));
}

const readsOf = (run?: Made) => run?.requests.filter((name) => name === 'getDocument').length ?? 0;

function conclusionsOf(made: Map<string, Made[]>, contracts: number) {
	const [ours] = made.get(OURS) ?? [];
	const wallOf = (name: string) => (made.get(name) ?? []).map(({ wallMs }) => wallMs);
	const requests = ours?.requests.length ?? 0;
	return [
		{
			what: 'Requests per contract besides the fewest possible and the read of the design (compare before sending)',
			value: rounded((requests - readsOf(ours)) / contracts - FEWEST, 2),
			goal: 0,
		},
		{ what: 'Reads per contract', value: rounded(readsOf(ours) / contracts, 2), goal: 1 },
		{ what: 'Wall time over the script', value: ratio(wallOf(OURS), wallOf(BARE)) },
	];
}
