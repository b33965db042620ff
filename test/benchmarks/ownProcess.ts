/** Servers in their own processes, so that their work is not counted as the client's. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export interface OwnProcess<T> {
	/** What the server reported when it was ready. */
	ready: T;
	pid: number | undefined;
	stop(): Promise<void>;
}

/**
 * Runs a module of this folder in its own process until `stop` is called or this process ends.
 *
 * @param module - name of the module, which calls {@link serveParent}
 * @param options - given to the module
 * @returns what it reported when it was ready; `T` is the caller's knowledge of the module
 * @throws Error when it ends before it is ready
 */
export async function startInOwnProcess<T>(
	module: string,
	options: object,
): Promise<OwnProcess<T>> {
	const child = fork(join(__dirname, module), [JSON.stringify(options)]);
	const ready = await new Promise<T>((resolve, reject) => {
		child.once('message', (message) => resolve(message as T));
		child.once('error', reject);
		child.once('exit', (code) => reject(new Error(`${module} ended with exit code ${code}`)));
	});
	return {
		ready,
		pid: child.pid,
		stop: async () => {
			const ended = once(child, 'exit');
			child.kill();
			await ended;
		},
	};
}

/**
 * The other side: starts something and tells the parent what it needs to know.
 *
 * @param start - gets the options of the parent, returns what to tell it
 */
export function serveParent<O>(start: (options: O) => Promise<object>): void {
	process.once('disconnect', () => process.exit());
	start(JSON.parse(process.argv[2] ?? '{}') as O).then(
		(ready) => process.send?.(ready),
		(error: unknown) => {
			process.stderr.write(`${String(error)}\n`);
			process.exit(1);
		},
	);
}
