import { passTime } from '../engine/passingTime';
import { startSandbox, type Sandbox, type SandboxOptions } from '../sandbox/sandbox';
import { runConformance, type ConformanceOptions, type Outcome } from './conformance';

/** The address that runs may send to. */
export const YOU = 'you@example.com';

/** A sandbox with a stranger's document in it, and runs against it. */
export interface Scene {
	readonly sandbox: Sandbox;
	run(options?: Partial<ConformanceOptions>): Promise<Outcome>;
	/** What a run has left behind, and who it has emailed other than its own address. */
	traces(): { documents: string[]; webhooks: string[]; bulkSends: string[]; strangers: string[] };
	stop(): Promise<void>;
}

/**
 * Starts a sandbox without the service's rate limit, in which time passes in an instant.
 *
 * @param options - options of the sandbox
 */
export async function startScene(options: SandboxOptions = {}): Promise<Scene> {
	const sandbox = await startSandbox({ requestsPerMinute: 100_000, ...options });
	const time = passTime(sandbox);
	const { store } = sandbox;
	const before = new Set(store.documents.all());
	return {
		sandbox,
		run: async (overrides = {}) =>
			await runConformance({
				baseUrl: sandbox.apiUrl,
				apiKey: sandbox.apiKey,
				sendTo: YOU,
				consent: async () => true,
				say: () => undefined,
				interrupted: new AbortController().signal,
				...overrides,
			}),
		traces: () => ({
			documents: store.documents
				.all()
				.filter((document) => !before.has(document))
				.map(({ name }) => name),
			webhooks: store.webhooks.all().map(({ url }) => url),
			bulkSends: store.bulkSends.all().map(({ name }) => name),
			strangers: sandbox.journal.emails.map(({ to }) => to).filter((to) => to !== YOU),
		}),
		stop: async () => {
			time.restore();
			await sandbox.stop();
		},
	};
}

/** Nothing left, no one else emailed. */
export const NO_TRACES = { documents: [], webhooks: [], bulkSends: [], strangers: [] };

/**
 * The numbers of the inferences with a verdict.
 *
 * @param outcome - of a run
 * @param is - the verdict
 */
export function numbersOf({ verdicts }: Outcome, is: string): number[] {
	return verdicts
		.filter(({ verdict }) => verdict.is === is)
		.map(({ inference }) => inference.number);
}

/**
 * What was seen about an inference.
 *
 * @param outcome - of a run
 * @param number - of the inference
 */
export function textOf({ verdicts }: Outcome, number: number): string {
	const { verdict } = verdicts.find(({ inference }) => inference.number === number) ?? {};
	return verdict ? [verdict.text, verdict.open].filter(Boolean).join(' Open: ') : '';
}
