/** What a benchmark is. */
import type { RealN8n } from '../host/realN8n';

/** One line of a result; all rows of a benchmark have the same keys, which head its table. */
export type Row = Record<string, string | number>;

/** The text below a table. */
export interface Conclusion {
	/** What was compared with what. */
	what: string;
	value: number;
	/** The largest (or with `atLeast` the smallest) value wanted; left out if there is no goal. */
	goal?: number;
	atLeast?: boolean;
	unit?: string;
}

export interface Outcome {
	rows: Row[];
	conclusions: Conclusion[];
}

export interface PlainContext {
	/** How many items to run over if a benchmark leaves it open. */
	items?: number;
	/** Reports progress. */
	say: (line: string) => void;
}

export interface BenchmarkContext extends PlainContext {
	real: RealN8n;
}

interface Titled {
	/** One sentence above the table. */
	title(context: PlainContext): string;
}

/** Runs in a real n8n that is already running. */
export interface Benchmark extends Titled {
	run(context: BenchmarkContext): Promise<Row[] | Outcome>;
}

/** Needs no n8n, or starts its own. */
export interface PlainBenchmark extends Titled {
	withoutN8n: true;
	run(context: PlainContext): Promise<Row[] | Outcome>;
}
