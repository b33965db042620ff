import type { FastifyReply, FastifyRequest } from 'fastify';
import { once } from 'node:events';
import type { SandboxClock } from './clock';
import type { FaultRule } from './faults';
import type { JournalRequest } from './journal';

/** A request on its way, with its entry in the journal. */
interface Exchange {
	readonly request: FastifyRequest;
	readonly reply: FastifyReply;
	readonly entry: JournalRequest;
}

/** What a request does. */
export interface Effect<T> {
	/** Receives the request: checks and counts it on arrival. Returns a function that does the rest. */
	accept(): () => Promise<T>;
	/** Sends an answer. */
	answer(result: T): void;
	/** Whether the service did what was asked. */
	isDone(result: T): boolean;
}

/** Plays faults on requests; cuts held ones short when the sandbox stops. */
export class FaultPlay {
	private readonly held = new Set<() => void>();

	constructor(
		private readonly clock: SandboxClock,
		private readonly log: (line: string) => void,
	) {}

	/**
	 * Runs the effect of a request with the fault of a rule before or after it, or instead of its answer.
	 *
	 * @returns when the answer was sent, or the connection was cut
	 */
	async run<T>(rule: FaultRule | undefined, exchange: Exchange, effect: Effect<T>): Promise<void> {
		const { entry } = exchange;
		const when = rule?.when ?? 'before';
		if (rule && typeof when === 'object') {
			await this.runLate(rule, when.lateMs, exchange, effect);
			return;
		}
		if (rule && when === 'before' && (await this.play(rule, exchange))) return;
		const result = await effect.accept()();
		if (rule && when === 'after' && (await this.play(rule, exchange))) return;
		if (!entry.aborted) effect.answer(result);
	}

	/** Releases every held answer. */
	stop(): void {
		for (const release of this.held) release();
	}

	private async runLate<T>(
		rule: FaultRule,
		lateMs: number,
		exchange: Exchange,
		effect: Effect<T>,
	): Promise<void> {
		const { reply, entry } = exchange;
		const carryOut = effect.accept();
		const isAnswered = await this.play(rule, exchange);
		if (lateMs === Infinity) {
			if (!isAnswered) exchange.request.raw.socket.destroy();
			return;
		}
		entry.late = 'due';
		const done = new Promise<T>((resolve, reject) => {
			this.clock.at(this.clock.now() + lateMs, async () => {
				try {
					const result = await carryOut();
					entry.late = effect.isDone(result) ? 'done' : 'refused';
					resolve(result);
				} catch (error) {
					reject(error instanceof Error ? error : new Error(String(error)));
				}
			});
		});
		done.catch((error: unknown) => this.log(`the sandbox failed: ${String(error)}`));
		if (isAnswered || entry.aborted) return;
		// Anyone still waiting gets the result in the end.
		await Promise.race([done, once(reply.raw, 'close')]);
		if (!entry.aborted) effect.answer(await done);
	}

	/** Returns whether the exchange ends with the fault. */
	private async play({ fault, onPlay }: FaultRule, exchange: Exchange): Promise<boolean> {
		const { request, reply, entry } = exchange;
		entry.fault = 'hangMs' in fault ? 'hang' : 'drop' in fault ? 'drop' : 'status';
		onPlay?.(entry);
		if ('hangMs' in fault) {
			await this.hold(fault.hangMs, request);
			return false;
		}
		if ('drop' in fault) {
			reply.hijack();
			request.raw.socket.destroy();
			return true;
		}
		const isText = typeof fault.body === 'string';
		const type = fault.contentType ?? (isText ? 'text/plain' : 'application/problem+json');
		const body = typeof fault.body === 'string' ? fault.body : JSON.stringify(fault.body ?? {});
		if (fault.byGateway) {
			for (const name of Object.keys(reply.getHeaders())) void reply.removeHeader(name);
		}
		void reply.headers({ 'content-type': type, ...fault.headers });
		if (fault.brokenOff) {
			entry.fault = 'brokenOff';
			const headers = Object.entries(reply.getHeaders());
			reply.hijack();
			for (const [name, value] of headers) {
				if (value !== undefined) reply.raw.setHeader(name, value);
			}
			reply.raw.writeHead(fault.status, { 'content-length': 2 * Buffer.byteLength(body) });
			reply.raw.write(body, () => request.raw.socket.destroy());
			return true;
		}
		void reply.code(fault.status).send(fault.status === 204 ? undefined : Buffer.from(body));
		return true;
	}

	/** Waits, but only while the client and the sandbox are there. */
	private async hold(ms: number, request: FastifyRequest): Promise<void> {
		await new Promise<void>((resolve) => {
			const release = (): void => {
				clearTimeout(timer);
				this.held.delete(release);
				request.raw.socket.off('close', release);
				resolve();
			};
			const timer = setTimeout(release, ms);
			this.held.add(release);
			request.raw.socket.once('close', release);
		});
	}
}
