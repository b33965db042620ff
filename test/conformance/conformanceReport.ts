import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Outcome, Judged } from './conformance';
import type { Difference } from './differences';
import { isItem, isSuccess, type Exchange } from './exchange';
import type { CodePlace } from './inferences';
import type { Redaction } from './redaction';

const ROOT = join(__dirname, '../..');

/** How many lines of each kind the screen shows. */
const MOST_LINES = 20;

/** Where to send a report. */
export const ISSUES = 'the issues of the n8n-nodes-insigner repository';

/** The two files of a report. Nothing in them is personal. */
export interface Report {
	readonly markdown: string;
	readonly json: string;
}

/**
 * Writes the report of a run.
 *
 * @param outcome - of the run
 * @param service - host of the API
 * @param redaction - knows the key and the address of the run
 * @returns both files
 * @throws Error if something personal would be left in them
 */
export function reportOf(outcome: Outcome, service: string, redaction: Redaction): Report {
	outcome.exchanges.forEach(({ sent }) => redaction.learn(sent));
	// The exchanges first: from them the redaction learns which names and ids there are.
	const exchanges = outcome.exchanges.map((exchange) => redacted(exchange, redaction));
	const text = (value: string): string => redaction.text(value);
	const verdicts = outcome.verdicts.map(({ inference, verdict }) => ({
		number: inference.number,
		claim: inference.claim,
		verdict: verdict.is,
		seen: text(verdict.text),
		...(verdict.open !== undefined && { open: text(verdict.open) }),
		...(verdict.is === 'refuted' && { change: inference.code.flatMap(linesOf) }),
	}));
	const plain = {
		service: service.replace(/^127\.0\.0\.1|^localhost|^\[::1\]/, 'this machine'),
		at: new Date().toISOString(),
		requests: exchanges.length,
		interrupted: outcome.interrupted,
		verdicts,
		differences: outcome.differences.map((one) => ({ ...one, what: text(one.what) })),
		news: outcome.news.map((one) => ({ ...one, what: text(one.what) })),
		remarks: outcome.remarks.map(text),
		left: outcome.left.map(text),
	};
	const json = `${JSON.stringify({ ...plain, exchanges }, null, 2)}\n`;
	const markdown = markdownOf(plain);
	redaction.requireClean(json);
	redaction.requireClean(markdown);
	return { markdown, json };
}

/**
 * The outcome of a run, for the screen.
 *
 * @param outcome - of the run
 */
export function summaryOf(outcome: Outcome): string {
	const { verdicts, differences, news, remarks, left, exchanges } = outcome;
	const width = Math.max(...verdicts.map(({ verdict }) => nameOfVerdict(verdict).length));
	const rows = verdicts.flatMap(({ inference, verdict }) => {
		const number = String(inference.number).padStart(2);
		const indent = ' '.repeat(width + 6);
		return [
			`${number}  ${nameOfVerdict(verdict).padEnd(width)}  ${inference.claim}`,
			...(verdict.is === 'confirmed' ? [] : [`${indent}${verdict.text}`]),
			...(verdict.open === undefined ? [] : [`${indent}Open: ${verdict.open}.`]),
			...(verdict.is === 'refuted'
				? inference.code.flatMap(linesOf).map((line) => `${indent}change ${line}`)
				: []),
		];
	});
	const count = (is: string): number => verdicts.filter(({ verdict }) => verdict.is === is).length;
	const listed = (title: string, lines: readonly string[]): string[] => {
		const more = lines.length - MOST_LINES;
		return lines.length === 0
			? []
			: [
					...['', title, ...lines.slice(0, MOST_LINES).map((line) => `  - ${line}`)],
					...(more > 0 ? [`  - and ${more} more, see the report`] : []),
				];
	};
	return [
		...rows,
		...listed('Answered otherwise than insigner.openapi.yaml says:', differences.map(lineOf)),
		...listed('New, refutes nothing:', news.map(lineOf)),
		...listed('Also seen:', remarks),
		...listed('COULD NOT BE REMOVED, please look at it in the web app:', left),
		'',
		`${count('confirmed')} confirmed, ${count('refuted')} refuted, ${count('not tested')} not tested; ` +
			`${differences.length} differences; ${exchanges.length} requests.`,
	].join('\n');
}

/**
 * Where the code relies on a fact.
 *
 * @param place - in the code
 * @returns for example `insigner.openapi.yaml:787`, one for each line
 */
export function linesOf({ file, text }: CodePlace): string[] {
	return readFileSync(join(ROOT, file), 'utf8')
		.split('\n')
		.flatMap((line, index) => (text.test(line) ? [`${file}:${index + 1}`] : []));
}

function markdownOf(plain: {
	service: string;
	at: string;
	requests: number;
	interrupted: boolean;
	verdicts: ReadonlyArray<{
		number: number;
		claim: string;
		verdict: string;
		seen: string;
		open?: string;
		change?: string[];
	}>;
	differences: readonly Difference[];
	news: readonly Difference[];
	remarks: readonly string[];
	left: readonly string[];
}): string {
	const cell = (text: string): string => text.replace(/\|/g, '\\|').replace(/\s*\n\s*/g, ' ');
	const rows = plain.verdicts.map(({ number, claim, verdict, seen, open, change }) =>
		[
			String(number),
			claim,
			open === undefined ? verdict : `${verdict} in part`,
			open === undefined ? seen : `${seen} Open: ${open}.`.replace('..', '.'),
			(change ?? []).map((line) => `\`${line}\``).join('<br>'),
		].map(cell),
	);
	const listed = (title: string, lines: readonly string[]): string[] =>
		lines.length > 0 ? ['', `## ${title}`, '', ...lines.map((line) => `- ${line}`)] : [];
	return [
		`# Conformance of ${plain.service}`,
		'',
		`${plain.at}, ${plain.requests} requests${plain.interrupted ? ', interrupted' : ''}. Keys, secrets, links, storage addresses, names and addresses are replaced here and in report.json; both can be attached to an issue.`,
		'',
		'| # | Inference | Verdict | Seen | To change |',
		'| --- | --- | --- | --- | --- |',
		...rows.map((cells) => `| ${cells.join(' | ')} |`),
		...listed('Answered otherwise than insigner.openapi.yaml says', plain.differences.map(lineOf)),
		...listed('New, refutes nothing', plain.news.map(lineOf)),
		...listed('Also seen', plain.remarks),
		...listed('Could not be removed', plain.left),
		'',
	].join('\n');
}

function nameOfVerdict({ is, open }: Judged['verdict']): string {
	return is === 'confirmed' && open !== undefined ? 'confirmed in part' : is;
}

function lineOf({ where, what, times }: Difference): string {
	return `${where} ${what}${times > 1 ? ` (${times} times)` : ''}`;
}

function redacted(exchange: Exchange, redaction: Redaction): object {
	const { answer, sent, path, ...rest } = exchange;
	const isFile = isItem(sent) && 'bytes' in sent;
	return {
		...rest,
		path: redaction.path(path),
		...(sent !== undefined && { sent: isFile ? sent : redaction.body(sent) }),
		...(answer && {
			answer: {
				status: answer.status,
				headers: redaction.headers(answer.headers),
				bytes: answer.bytes,
				body: redaction.body(answer.body, !isSuccess(answer)),
			},
		}),
	};
}
