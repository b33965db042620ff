/** A file of 100 MB up and down, and 10,000 documents: memory of n8n and speed, next to the HTTP Request node and curl. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { request } from 'undici';

import { startRealN8n, type CredentialReference, type RealN8n } from '../host/realN8n';
import { inSignerNode, workflowOf, type NodeInRow } from '../host/workflows';
import { startSandbox, type Sandbox } from '../sandbox/sandbox';
import type { Outcome, PlainBenchmark, Row } from './benchmark';
import { API_KEY, httpPagination } from './listReaders';
import { alternate, median, rounded, spread, type Rival } from './measuring';
import { startInOwnProcess } from './ownProcess';
import { peakDuring, type MemoryPeak } from './residentMemory';
import { nodeMs, runToEnd, store } from './workflowRuns';

const FILE_MB = 100;
const ROUNDS = 3;
const DOCUMENTS = 10_000;

/** n8n's name for where it keeps files. */
const MODES = { filesystem: 'on disk', default: 'in memory' } as const;

const READ_FILE = 'Read file';
const NODE = 'Node';
const GOAL_MB = 30;

const PDF_TYPE = 'application/pdf';

/** One run of one workflow. */
interface Run extends MemoryPeak {
	/** Of the node that is measured; undefined if n8n saved nothing. */
	ms?: number;
}

export const files: PlainBenchmark = {
	withoutN8n: true,
	title: () =>
		`A PDF of ${FILE_MB} MB and ${DOCUMENTS} documents in a real n8n, which keeps files on disk (its default) or in memory: the peak of its resident memory above what it had before the run. The whole workflow counts: for an upload also n8n's node that reads the file`,
	run: async ({ say }) => {
		const folder = await mkdtemp(join(tmpdir(), 'n8n-insigner-files-'));
		const sandbox = await startSandbox({ requestsPerMinute: 1_000_000 });
		const outcome: Outcome = { rows: [], conclusions: [] };
		try {
			const pdf = Buffer.alloc(FILE_MB * 1e6, 'contract ');
			pdf.write('%PDF-1.7\n');
			await writeFile(join(folder, 'large.pdf'), pdf);
			const scene = await prepare(sandbox, pdf, folder);
			for (const mode of ['filesystem', 'default'] as const) {
				say(`files: starting n8n with files ${MODES[mode]}`);
				const real = await startRealN8n(say, {
					N8N_RESTRICT_FILE_ACCESS_TO: folder,
					N8N_DEFAULT_BINARY_DATA_MODE: mode,
				});
				try {
					const credentials = await real.credentialFor(sandbox);
					const runs = await measureAll(real, await rivalsIn(real, mode, scene, credentials), say);
					outcome.rows.push(...rowsOf(mode, runs));
					if (mode === 'filesystem') outcome.conclusions.push(...conclusionsOf(runs));
				} finally {
					await real.stop();
				}
			}
			outcome.rows.push(...(await curlRows(scene)));
			return outcome;
		} finally {
			await sandbox.stop();
			await rm(folder, { recursive: true, force: true });
		}
	},
};

interface FileScene {
	sandbox: Sandbox;
	file: string;
	draftId: string;
	completedId: string;
	uploadUrl(): Promise<string>;
	downloadUrl(): Promise<string>;
}

async function prepare(sandbox: Sandbox, pdf: Buffer, folder: string): Promise<FileScene> {
	const [draft] = sandbox.store.seedDocuments(1);
	const [completed] = sandbox.store.seedDocuments(1, { status: 'completed', signedPdf: pdf });
	if (!draft || !completed) throw new Error('Nothing was seeded');
	const ask = async (method: 'GET' | 'POST', path: string, body?: object) => {
		const answer = await request(`${sandbox.apiUrl}/documents/${path}`, {
			method,
			headers: { authorization: `Bearer ${sandbox.apiKey}`, 'content-type': 'application/json' },
			...(body && { body: JSON.stringify(body) }),
		});
		const { data } = (await answer.body.json()) as { data: Record<string, string> };
		return data;
	};
	const declared = { filename: 'large.pdf', contentType: PDF_TYPE, fileSize: pdf.length };
	return {
		sandbox,
		file: join(folder, 'large.pdf'),
		draftId: draft.id,
		completedId: completed.id,
		uploadUrl: async () => (await ask('POST', `${draft.id}/upload`, declared)).uploadUrl ?? '',
		downloadUrl: async () => (await ask('GET', `${completed.id}/download`)).downloadUrl ?? '',
	};
}

interface Workflow {
	what: string;
	name: string;
	nodes: NodeInRow[];
}

/** The workflows of one n8n. */
async function rivalsIn(
	real: RealN8n,
	mode: keyof typeof MODES,
	scene: FileScene,
	credentials: CredentialReference,
): Promise<Array<Workflow & { workflowId: string; saved: boolean }>> {
	const readFile: NodeInRow = {
		name: READ_FILE,
		type: 'n8n-nodes-base.readWriteFile',
		typeVersion: 1,
		parameters: { operation: 'read', fileSelector: scene.file, options: {} },
	};
	const http = (parameters: NodeInRow['parameters']): NodeInRow => ({
		name: NODE,
		type: 'n8n-nodes-base.httpRequest',
		typeVersion: 4.2,
		parameters,
	});
	const ours = (parameters: NodeInRow['parameters']) => inSignerNode(NODE, credentials, parameters);
	const id = (value: string) => ({ __rl: true, mode: 'id', value });
	const put = {
		method: 'PUT',
		url: await scene.uploadUrl(),
		sendHeaders: true,
		headerParameters: { parameters: [{ name: 'Content-Type', value: PDF_TYPE }] },
		sendBody: true,
		contentType: 'binaryData',
		inputDataFieldName: 'data',
		options: {},
	};
	const get = {
		url: await scene.downloadUrl(),
		options: { response: { response: { responseFormat: 'file' } } },
	};
	const upload = {
		resource: 'document',
		operation: 'uploadFile',
		documentId: id(scene.draftId),
		binaryPropertyName: 'data',
	};
	const download = {
		resource: 'document',
		operation: 'download',
		documentId: id(scene.completedId),
		outputBinaryField: 'data',
		options: {},
	};
	const workflows: Workflow[] = [
		{ what: 'Only read the file', name: 'Read/Write Files', nodes: [{ ...readFile, name: NODE }] },
		{ what: 'Upload', name: 'inSigner, Upload File', nodes: [readFile, ours(upload)] },
		{ what: 'Upload', name: 'HTTP Request, PUT', nodes: [readFile, http(put)] },
		{ what: 'Download', name: 'inSigner, Download', nodes: [ours(download)] },
		{ what: 'Download', name: 'HTTP Request, GET', nodes: [http(get)] },
	];
	const saved = mode === 'filesystem';
	return await Promise.all(
		workflows.map(async (workflow) => {
			const { name, nodes } = workflow;
			const workflowOfRow = workflowOf(name, [{}], nodes);
			// With files in memory n8n would write them all into its database.
			const settings = { ...workflowOfRow.settings, saveManualExecutions: saved };
			const workflowId = await store(real, { ...workflowOfRow, settings });
			return { ...workflow, workflowId, saved };
		}),
	);
}

type Measured = Map<string, { what: string; runs: Run[] }>;

async function measureAll(
	real: RealN8n,
	workflows: Awaited<ReturnType<typeof rivalsIn>>,
	say: (line: string) => void,
): Promise<Measured> {
	const server = await startInOwnProcess<{ url: string }>('pageServer.ts', { counts: [DOCUMENTS] });
	try {
		const baseUrl = `${server.ready.url}/${DOCUMENTS}/0/api/v1`;
		const lists = await listWorkflows(real, baseUrl);
		const all = [...workflows, ...lists];
		const rivals = all.map(
			({ name, workflowId, saved }): Rival<Run> => ({
				name,
				run: async () => {
					say(`files: ${name}`);
					let ms: number | undefined;
					const peak = await peakDuring(real.n8n.pid ?? 0, async () => {
						if (saved) ms = nodeMs(await runToEnd(real, workflowId), NODE);
						else await runUnsaved(real, workflowId);
					});
					return { ...peak, ...(ms !== undefined && { ms }) };
				},
			}),
		);
		const runs = await alternate(rivals, ROUNDS);
		return new Map(
			all.map(({ name, what }): [string, { what: string; runs: Run[] }] => [
				name,
				{ what, runs: runs.get(name) ?? [] },
			]),
		);
	} finally {
		await server.stop();
	}
}

async function listWorkflows(real: RealN8n, baseUrl: string) {
	const name = 'Server of pages';
	const data = { apiKey: API_KEY, baseUrl };
	const { id } = await real.client.createCredential({ name, type: 'inSignerApi', data });
	const credentials = { inSignerApi: { id, name } };
	const ours = { resource: 'document', operation: 'getMany', returnAll: true };
	const what = `List ${DOCUMENTS}`;
	const workflows: Workflow[] = [
		{ what, name: 'inSigner, Get Many', nodes: [inSignerNode(NODE, credentials, ours)] },
		{
			what,
			name: 'HTTP Request, Pagination',
			nodes: [
				{
					name: NODE,
					type: 'n8n-nodes-base.httpRequest',
					typeVersion: 4.2,
					parameters: httpPagination(baseUrl),
					credentials,
				},
			],
		},
	];
	return await Promise.all(
		workflows.map(async (workflow) => ({
			...workflow,
			workflowId: await store(real, workflowOf(workflow.name, [{}], workflow.nodes)),
			// Reading the result costs n8n memory too, so it is not asked for.
			saved: false,
		})),
	);
}

/** Runs a workflow without reading its result. */
async function runUnsaved(real: RealN8n, workflowId: string): Promise<void> {
	await real.client.run(workflowId);
	for (;;) {
		await delay(500);
		const running = await real.client.executions({ workflowId, status: ['new', 'running'] });
		if (running.length === 0) break;
	}
	const failed = await real.client.executions({ workflowId, status: ['error', 'crashed'] });
	if (failed.length > 0) throw new Error(`Workflow ${workflowId} did not end well`);
}

const overIdle = (runs: readonly Run[]) => runs.map(({ idleMb, peakMb }) => peakMb - idleMb);

function rowsOf(mode: keyof typeof MODES, measured: Measured): Row[] {
	return [...measured].map(([name, { what, runs }]) => ({
		Files: MODES[mode],
		What: what,
		Who: name,
		'Idle MB': Math.round(median(runs.map(({ idleMb }) => idleMb))),
		'Peak over idle MB': Math.round(median(overIdle(runs))),
		'Spread MB': spread(overIdle(runs)),
		'MB per second': speedOf(
			what.startsWith('List') ? [] : runs.flatMap(({ ms }) => (ms === undefined ? [] : [ms])),
		),
	}));
}

/** @param times - milliseconds for the file */
function speedOf(times: readonly number[]): string {
	if (times.length === 0) return '-';
	return String(Math.round((FILE_MB * 1000) / median(times)));
}

function conclusionsOf(measured: Measured) {
	const peak = (name: string) => Math.round(median(overIdle(measured.get(name)?.runs ?? [])));
	const speed = (name: string) =>
		median((measured.get(name)?.runs ?? []).map(({ ms = NaN }) => ms));
	const goal = { goal: GOAL_MB, unit: ' MB' };
	return [
		{ what: 'Upload, peak over idle', value: peak('inSigner, Upload File'), ...goal },
		{ what: 'Download, peak over idle', value: peak('inSigner, Download'), ...goal },
		{
			what: 'Upload, time over the HTTP Request node',
			value: rounded(speed('inSigner, Upload File') / speed('HTTP Request, PUT'), 2),
		},
		{
			what: 'Download, time over the HTTP Request node',
			value: rounded(speed('inSigner, Download') / speed('HTTP Request, GET'), 2),
		},
	];
}

async function curlRows(scene: FileScene): Promise<Row[]> {
	const curl = async (...parameters: string[]): Promise<number> => {
		const { stdout } = await promisify(execFile)('curl', [
			...['--silent', '--fail', '--noproxy', '*', '--output', '/dev/null'],
			...['--write-out', '%{time_total}', ...parameters],
		]);
		return Number(stdout) * 1000;
	};
	const rivals: Array<Rival<number>> = [
		{
			name: 'Upload',
			run: async () =>
				await curl(
					...['--upload-file', scene.file, '--header', `Content-Type: ${PDF_TYPE}`],
					await scene.uploadUrl(),
				),
		},
		{ name: 'Download', run: async () => await curl(await scene.downloadUrl()) },
	];
	const times = await alternate(rivals, ROUNDS);
	return [...times].map(([what, ms]) => ({
		Files: '-',
		What: what,
		Who: 'curl',
		'Idle MB': '-',
		'Peak over idle MB': '-',
		'Spread MB': '-',
		'MB per second': speedOf(ms),
	}));
}
