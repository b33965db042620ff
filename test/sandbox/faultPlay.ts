import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Fault, FaultRule } from './faults';
import type { JournalRequest } from './journal';

/** Plays faults on requests; cuts short what is held when the sandbox stops. */
export class FaultPlay {
	private readonly held = new Set<() => void>();

	/**
	 * Runs the effect of a request with the fault of a rule before or after it.
	 *
	 * @param effect does what was asked for and returns how to answer it
	 * @param answer sends an answer
	 * @returns when the answer was sent, or the connection was cut
	 */
	async run<T>(
		rule: FaultRule | undefined,
		exchange: { request: FastifyRequest; reply: FastifyReply; entry: JournalRequest },
		effect: () => Promise<T>,
		answer: (result: T) => void,
	): Promise<void> {
		const { entry } = exchange;
		const when = rule?.when ?? 'before';
		if (rule && when === 'before' && (await this.play(rule.fault, exchange))) return;
		const result = await effect();
		if (rule && when === 'after' && (await this.play(rule.fault, exchange))) return;
		if (!entry.aborted) answer(result);
	}

	/** Lets go of every held answer. */
	stop(): void {
		for (const release of this.held) release();
	}

	/** Returns whether the exchange ends with the fault. */
	private async play(
		fault: Fault,
		exchange: { request: FastifyRequest; reply: FastifyReply; entry: JournalRequest },
	): Promise<boolean> {
		const { request, reply, entry } = exchange;
		if ('hangMs' in fault) {
			entry.fault = 'hang';
			await this.hold(fault.hangMs, request);
			return false;
		}
		if ('drop' in fault) {
			entry.fault = 'drop';
			reply.hijack();
			request.raw.socket.destroy();
			return true;
		}
		entry.fault = 'status';
		const isText = typeof fault.body === 'string';
		const type = fault.contentType ?? (isText ? 'text/plain' : 'application/problem+json');
		const body = typeof fault.body === 'string' ? fault.body : JSON.stringify(fault.body ?? {});
		void reply
			.code(fault.status)
			.headers({ 'content-type': type, ...fault.headers })
			.send(fault.status === 204 ? undefined : Buffer.from(body));
		return true;
	}

	/** Waits, but no longer than the client and the sandbox are there. */
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
