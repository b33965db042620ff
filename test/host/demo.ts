/**
 * The demo: everything set up, one contract sent. A person signs it in the browser; with --auto it is signed over
 * HTTP, checked, and the demo ends.
 */
import { execFile } from 'node:child_process';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs, promisify } from 'node:util';

import { readPdfText } from '../sandbox/pdfText';
import { makePdf } from '../sandbox/samplePdf';
import { jsonOf } from './execution';
import { installN8n } from './install';
import { startMainJob, type Contract, type MainJob } from './mainJob';
import { packTarball } from './pack';
import { stopSignal } from './stopping';

const project = resolve(__dirname, '..', '..');
const outputFolder = join(project, 'demo-output');

/** How long the signed PDF may take to be filed after the signature, in milliseconds. */
const FILING_TIMEOUT_MS = 60_000;

const startedAt = Date.now();

function say(text: string): void {
	const seconds = Math.round((Date.now() - startedAt) / 1000);
	process.stdout.write(`[${String(seconds).padStart(4)} s] ${text}\n`);
}

async function main(): Promise<void> {
	const { values } = parseArgs({ options: { auto: { type: 'boolean', default: false } } });
	const stopped = stopSignal();

	const installed = await installN8n(say);
	say('Building and packing n8n-nodes-insigner');
	await promisify(execFile)(
		process.execPath,
		[join(project, 'node_modules/gulp/bin/gulp.js'), 'build'],
		{ cwd: project },
	);
	const tarball = await packTarball();
	let job: MainJob | undefined;
	try {
		if (stopped.aborted) return;
		job = await startMainJob({
			installed,
			tarball: tarball.file,
			outputFolder,
			onProgress: say,
		});
		if (stopped.aborted) return;
		const before = await signedPdfs();
		const contract: Contract = {
			pdf: await makePdf('Sales Agreement', [
				'The seller delivers ten chairs, the buyer pays for them.',
				'Both sides agree to sign this in the browser.',
			]),
			fileName: 'sales-agreement.pdf',
			documentName: 'Sales Agreement',
			signerName: 'Jane Smith',
			signerEmail: 'jane.smith@example.com',
		};
		const { documentId, signingUrl } = await send(job, contract);
		if (values.auto) await signAndCheck(job, documentId, contract, before);
		else await waitForPerson(job, signingUrl, before, stopped);
	} finally {
		await job?.stop();
		await rm(resolve(tarball.file, '..'), { recursive: true, force: true });
		say('Ended, nothing left behind');
	}
}

/** Fills in the form of the first workflow. @returns the document and the link emailed to its signer */
async function send(
	job: MainJob,
	contract: Contract,
): Promise<{ documentId: string; signingUrl: string }> {
	say(`Sending "${contract.documentName}" through the workflow "${job.sendContract.name}"`);
	await job.submit(contract);
	const [execution] = await job.client.waitForExecutions(job.sendContract.id, 1);
	if (execution?.status !== 'success') {
		throw new Error(`The workflow that sends the contract ended with ${execution?.status}`);
	}
	const [sent] = jsonOf(execution, 'Create and send');
	say(`n8n: document ${String(sent?.id)} is ${String(sent?.status)}`);
	const mail = job.sandbox.journal.emails.find(({ to }) => to === contract.signerEmail);
	if (!mail?.signingUrl) throw new Error('No one was emailed a signing link');
	return { documentId: mail.documentId, signingUrl: mail.signingUrl };
}

async function signAndCheck(
	job: MainJob,
	documentId: string,
	contract: Contract,
	before: string[],
): Promise<void> {
	await job.sandbox.sign(documentId, contract.signerEmail);
	say(`Signed by ${contract.signerName} on the signing page, over HTTP`);

	const [execution] = await job.client.waitForExecutions(job.fileSigned.id, 1);
	if (execution?.status !== 'success') {
		throw new Error(`The workflow that files signed contracts ended with ${execution?.status}`);
	}
	const delivery = job.sandbox.journal.deliveries.find(({ status }) => status === 200);
	if (!delivery) throw new Error('n8n did not accept the webhook');
	say(`n8n verified the signature of "${delivery.event}" and ran "${job.fileSigned.name}"`);

	const file = await filed(before);
	const text = (await readPdfText(await readFile(file))).flat().map((piece) => piece.text);
	if (!text.some((line) => line.includes(contract.signerName))) {
		throw new Error(
			`The filed PDF does not carry the signature of ${contract.signerName}: ${file}`,
		);
	}
	say(`Filed: ${file}`);
	say(`The PDF reader finds in it: "${text.find((line) => line.includes(contract.signerName))}"`);
	say('The demo went through.');
}

/** Names of the files in the output folder; those of earlier demos stay there. */
async function signedPdfs(): Promise<string[]> {
	return (await readdir(outputFolder)).filter((entry) => entry.endsWith('.pdf'));
}

/** @returns path of the PDF that the second workflow has written */
async function filed(before: string[]): Promise<string> {
	for (const end = Date.now() + FILING_TIMEOUT_MS; Date.now() < end; await delay(200)) {
		const name = (await signedPdfs()).find((entry) => !before.includes(entry));
		if (name) return join(outputFolder, name);
	}
	throw new Error(`No PDF was written to ${outputFolder}`);
}

async function waitForPerson(
	job: MainJob,
	signingUrl: string,
	before: string[],
	stop: AbortSignal,
): Promise<void> {
	process.stdout.write(`
  n8n is running with the inSigner nodes, next to a sandbox that stands in for inSigner Cloud.

  1. Sign the contract   ${signingUrl}
  2. See the workflows   ${job.n8n.url}
     log in with         ${job.owner.email}  ${job.owner.password}
  3. Send another one    ${job.formUrl}

  Signed contracts are written to ${outputFolder} and stay there.
  Ctrl-C ends the demo. Its n8n and its sandbox are gone then, with this login and all workflows made in it.

`);
	let emails = 1;
	let files = before;
	while (!stop.aborted) {
		await delay(500, undefined, { signal: stop }).catch(() => undefined);
		for (const email of job.sandbox.journal.emails.slice(emails)) {
			say(
				`Emailed to ${email.to} (${email.kind})${email.signingUrl ? `: ${email.signingUrl}` : ''}`,
			);
		}
		emails = job.sandbox.journal.emails.length;
		const now = await signedPdfs();
		for (const name of now) {
			if (!files.includes(name)) say(`Filed: ${join(outputFolder, name)}`);
		}
		files = now;
	}
	say('Ending the demo');
}

main().catch((error: unknown) => {
	process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = 1;
});
