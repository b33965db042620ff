import { parseArgs } from 'node:util';

import { problemWithApiKey } from '../../nodes/InSigner/api/apiKey';
import { DEFAULT_BASE_URL, parseBaseUrl } from '../../nodes/InSigner/api/baseUrl';

export const HELP = `Checks what this project takes for granted about inSigner's API, against the service itself.

  npm run conformance -- --key isk_... [options]

  --key <isk_...>     API key; or the environment variable INSIGNER_API_KEY
  --base-url <url>    another service than ${DEFAULT_BASE_URL}
  --send-to <email>   also make, send, change and delete documents of its own; everything goes to this address
  --bulk              with --send-to: also a bulk send to this address
  --yes               do not ask, for scripts
  --report <folder>   where report.md and report.json go (conformance-report)

Without --send-to it only reads. It ends with 0 when nothing is refuted, 1 when something is, 2 when it could not
start, and 130 when it was interrupted.
`;

/** What was asked for. */
export interface Options {
	readonly apiKey: string;
	readonly baseUrl: string;
	readonly sendTo?: string;
	readonly bulk: boolean;
	readonly yes: boolean;
	/** A folder. */
	readonly report: string;
}

/** The command was called with invalid arguments. */
export class WrongUsage extends Error {}

/**
 * Reads the command line.
 *
 * @param args - arguments, without node and script
 * @param environment - for INSIGNER_API_KEY
 * @returns what was asked for; undefined for help
 * @throws WrongUsage with a text for people
 */
export function readOptions(
	args: readonly string[],
	environment: Readonly<Record<string, string | undefined>>,
): Options | undefined {
	const values = parsed(args);
	if (values.help) return undefined;
	const apiKey = (values.key ?? environment.INSIGNER_API_KEY ?? '').trim();
	if (apiKey === '') throw new WrongUsage('Give an API key with --key or INSIGNER_API_KEY.');
	const problem = problemWithApiKey(apiKey);
	if (problem !== undefined) throw new WrongUsage(problem);
	const sendTo = values['send-to'];
	if (sendTo !== undefined && !/^[^\s@"<>(),;:]+@[^\s@"<>(),;:]+\.[^\s@"<>(),;:]+$/.test(sendTo)) {
		throw new WrongUsage('--send-to takes one email address.');
	}
	if (values.bulk && sendTo === undefined) throw new WrongUsage('--bulk takes --send-to.');
	return {
		apiKey,
		baseUrl: baseUrlOf(values['base-url']),
		...(sendTo !== undefined && { sendTo }),
		bulk: values.bulk,
		yes: values.yes,
		report: values.report,
	};
}

function parsed(args: readonly string[]) {
	try {
		return parseArgs({
			args: [...args],
			options: {
				key: { type: 'string' },
				'base-url': { type: 'string' },
				'send-to': { type: 'string' },
				bulk: { type: 'boolean', default: false },
				yes: { type: 'boolean', default: false },
				report: { type: 'string', default: 'conformance-report' },
				help: { type: 'boolean', default: false },
			},
		}).values;
	} catch (error) {
		throw new WrongUsage(error instanceof Error ? error.message : String(error));
	}
}

function baseUrlOf(text: string | undefined): string {
	try {
		return parseBaseUrl(text);
	} catch (error) {
		throw new WrongUsage(`--base-url: ${error instanceof Error ? error.message : String(error)}`);
	}
}
