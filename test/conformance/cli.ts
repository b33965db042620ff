/**
 * Checks what this project assumes about inSigner's API against the service itself; `--help` says how.
 * docs/conformance.md says what it does.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';

import { isAnythingRefuted, runConformance } from './conformance';
import { HELP, readOptions, WrongUsage, type Options } from './options';
import { Redaction } from './redaction';
import { ISSUES, reportOf, summaryOf } from './conformanceReport';

const REFUTED = 1;
const NOT_STARTED = 2;
const INTERRUPTED = 130;

const startedAt = Date.now();

function say(text: string): void {
	const seconds = Math.round((Date.now() - startedAt) / 1000);
	process.stdout.write(`[${String(seconds).padStart(4)} s] ${text}\n`);
}

function print(text: string): void {
	process.stdout.write(`${text}\n`);
}

async function main(): Promise<number> {
	const options = readOptions(process.argv.slice(2), process.env);
	if (!options) {
		print(HELP);
		return 0;
	}
	const isAttended = process.stdin.isTTY && process.stdout.isTTY;
	if (options.sendTo !== undefined && !options.yes && !isAttended) {
		throw new WrongUsage('No one can be asked here. Add --yes if everything may be done.');
	}
	// The first signal ends the run and removes what was created; the second one ends that too.
	const interruption = new AbortController();
	const abandonment = new AbortController();
	const stop = (): void => {
		if (interruption.signal.aborted) abandonment.abort();
		else {
			interruption.abort();
			say('Stopping: what was made is removed. Once more to leave it.');
		}
	};
	// Closing the terminal must not end the removal.
	for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined);
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
	const ask = async (question: string): Promise<string> => {
		const terminal = createInterface({ input: process.stdin, output: process.stdout });
		// While a question is open, readline takes Ctrl-C for itself.
		terminal.on('SIGINT', stop);
		try {
			return await terminal.question(`\n${question} `, { signal: interruption.signal });
		} catch (error) {
			if (interruption.signal.aborted) return '';
			throw error;
		} finally {
			terminal.close();
		}
	};
	const outcome = await runConformance({
		...options,
		interrupted: interruption.signal,
		abandoned: abandonment.signal,
		say,
		consent: async (plan) => {
			if (options.yes) {
				print(`\n${plan}\n`);
				return true;
			}
			return /^y(es)?$/i.test((await ask(`${plan}\nGo on? (y/n)`)).trim());
		},
		...(!options.yes && isAttended && { ask }),
	});
	print(`\n${summaryOf(outcome)}`);
	writeReport(options, outcome);
	if (outcome.interrupted) return INTERRUPTED;
	return isAnythingRefuted(outcome) ? REFUTED : 0;
}

function writeReport(options: Options, outcome: Awaited<ReturnType<typeof runConformance>>): void {
	const secrets = [options.apiKey, ...(options.sendTo === undefined ? [] : [options.sendTo])];
	const redaction = new Redaction(secrets, outcome.runName);
	const { markdown, json } = reportOf(outcome, new URL(options.baseUrl).host, redaction);
	mkdirSync(options.report, { recursive: true });
	writeFileSync(join(options.report, 'report.md'), markdown);
	writeFileSync(join(options.report, 'report.json'), json);
	print(
		`\n${join(options.report, 'report.md')} and report.json hold nothing personal: please attach both to ${ISSUES}.`,
	);
}

main().then(
	(code) => {
		process.exitCode = code;
	},
	(error: unknown) => {
		process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
		if (error instanceof WrongUsage) process.stderr.write(`\n${HELP}`);
		process.exitCode = NOT_STARTED;
	},
);
