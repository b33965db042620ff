import { clock } from '../../nodes/InSigner/api/clock';
import type { Sandbox } from '../sandbox/sandbox';

/**
 * Puts the nodes on the sandbox's clock: what they wait for passes in an instant, on both sides.
 *
 * @param sandbox - the sandbox whose clock moves
 * @returns how long the nodes waited so far, in milliseconds; `restore` returns them to real time
 */
export function passTime(sandbox: Sandbox): { waitedMs(): number; restore(): void } {
	let waited = 0;
	const now = jest.spyOn(clock, 'now').mockImplementation(() => sandbox.clock.now());
	const sleep = jest.spyOn(clock, 'sleep').mockImplementation(async (ms, signal) => {
		signal?.throwIfAborted();
		waited += ms;
		await sandbox.clock.advance(ms);
		signal?.throwIfAborted();
	});
	return {
		waitedMs: () => waited,
		restore: () => {
			now.mockRestore();
			sleep.mockRestore();
		},
	};
}
