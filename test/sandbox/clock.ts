/** setTimeout takes at most 2^31 - 1 ms; a longer wait is split. */
const LONGEST_TIMER_MS = 24 * 3600 * 1000;

interface Task {
	readonly due: number;
	readonly run: () => Promise<void> | void;
}

/**
 * The time of the sandbox: real time plus an offset that tests move forward.
 *
 * Tasks run when their time comes, either because real time passes or because `advance` was called.
 */
export class SandboxClock {
	private offsetMs = 0;
	private tasks: Task[] = [];
	private timer: NodeJS.Timeout | undefined;
	private stopped = false;

	/** The time in milliseconds since 1970. */
	now(): number {
		return Date.now() + this.offsetMs;
	}

	/** The time as the API writes it: ISO 8601, UTC, milliseconds. */
	iso(): string {
		return new Date(this.now()).toISOString();
	}

	/** Runs a task at a time (ms since 1970), at once if that has passed. Returns a function that cancels it. */
	at(due: number, run: () => Promise<void> | void): () => void {
		const task: Task = { due, run };
		this.tasks.push(task);
		this.tasks.sort((a, b) => a.due - b.due);
		this.arm();
		return () => {
			this.tasks = this.tasks.filter((other) => other !== task);
		};
	}

	/**
	 * Moves the time forward by `ms` and runs, in order, everything that becomes due on the way, each task at its own
	 * time, including tasks that were added by tasks. Resolves when all have ended.
	 */
	async advance(ms: number): Promise<void> {
		const target = this.now() + ms;
		for (;;) {
			const next = this.tasks[0];
			if (!next || next.due > target) break;
			this.tasks.shift();
			this.offsetMs += Math.max(0, next.due - this.now());
			await next.run();
		}
		this.offsetMs += Math.max(0, target - this.now());
		this.arm();
	}

	/** Forgets every task. */
	stop(): void {
		this.stopped = true;
		this.tasks = [];
		clearTimeout(this.timer);
	}

	/** Sets the one real timer to the next task. */
	private arm(): void {
		clearTimeout(this.timer);
		const next = this.tasks[0];
		if (!next || this.stopped) return;
		const wait = Math.min(Math.max(0, next.due - this.now()), LONGEST_TIMER_MS);
		this.timer = setTimeout(() => void this.advance(0), wait);
		this.timer.unref();
	}
}
