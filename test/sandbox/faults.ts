import type { JournalRequest } from './journal';

/** What goes wrong. */
export type Fault =
	| {
			status: number;
			headers?: Record<string, string>;
			body?: string | object;
			contentType?: string;
			/** Answered by something between client and service: without the headers the service sends. */
			byGateway?: true;
			/** The connection is cut after this body, which was announced as longer, was sent. */
			brokenOff?: true;
	  }
	/** The connection is cut without an answer. */
	| { drop: true }
	/** The answer is held this long (real milliseconds), then everything continues normally. */
	| { hangMs: number };

/** When a fault is played. */
export interface FaultRule {
	match: {
		origin?: 'api' | 'storage';
		method?: string;
		/** Below /api/v1, or the path at the storage; without the query. A string must be equal. */
		path?: string | RegExp;
		operationId?: string;
	};
	/** 1-based, counted among the requests that match; all of them if left out. */
	nth?: number;
	/** How often at most. With `nth` the default is once. */
	times?: number;
	/**
	 * Before the effect (default): the service did nothing. After: it did everything, only the answer is lost. Late:
	 * the service does what it was asked, if it still can, so many ms on its clock after the fault was answered or,
	 * if it holds, after no one waits for the answer; Infinity means never.
	 */
	when?: 'before' | 'after' | { lateMs: number };
	fault: Fault;
	/** Called when the fault is played. */
	onPlay?: (entry: JournalRequest) => void;
}

/** A rule that was added. */
export interface FaultHandle {
	/** How often it was played. */
	readonly hits: number;
	remove(): void;
}

interface Candidate {
	readonly origin: 'api' | 'storage';
	readonly method: string;
	readonly path: string;
	readonly operationId: string | undefined;
}

class ActiveRule {
	hits = 0;
	private seen = 0;

	constructor(readonly rule: FaultRule) {}

	/** Counts a request that matches and returns whether the fault is due. */
	isDue(request: Candidate): boolean {
		const { match, nth } = this.rule;
		if (match.origin && match.origin !== request.origin) return false;
		if (match.method && match.method.toUpperCase() !== request.method) return false;
		if (match.operationId && match.operationId !== request.operationId) return false;
		if (typeof match.path === 'string' && match.path !== request.path) return false;
		if (match.path instanceof RegExp && request.path.search(match.path) < 0) return false;
		this.seen += 1;
		const times = this.rule.times ?? (nth === undefined ? Infinity : 1);
		return this.seen >= (nth ?? 1) && this.hits < times;
	}
}

/** The rules in force. */
export class Faults {
	private active: ActiveRule[] = [];

	/** Adds a rule; the first one that is due wins. */
	add(rule: FaultRule): FaultHandle {
		const added = new ActiveRule(rule);
		this.active.push(added);
		return {
			get hits() {
				return added.hits;
			},
			remove: () => {
				this.active = this.active.filter((other) => other !== added);
			},
		};
	}

	/** Removes every rule. */
	clear(): void {
		this.active = [];
	}

	/** The rule to play for this request, if any. Every matching rule counts the request. */
	pick(request: Candidate): FaultRule | undefined {
		const due = this.active.filter((active) => active.isDue(request));
		const first = due[0];
		if (first) first.hits += 1;
		return first?.rule;
	}
}
