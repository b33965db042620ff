import { DataDeduplicationService } from 'n8n-core';
import type {
	DeduplicationItemTypes,
	DeduplicationScope,
	ICheckProcessedContextData,
	ICheckProcessedOptions,
	IDataDeduplicator,
	IDeduplicationOutput,
} from 'n8n-workflow';

/**
 * Stands in for the store behind n8n's deduplication helpers, for the mode `entries`: n8n's own is part of its
 * server, which is not a development dependency, and needs its database. A server keeps it in its table
 * processed_data; here it is kept in memory, under the same rules: a row is read as a whole, new entries are
 * appended, the oldest dropped beyond `maxEntries`, and the row is written as a whole; if two create a row at once,
 * one of them fails (n8n 2.41, deduplication-helper.ts). n8n's own is tested in test/trigger/attacks.test.ts and,
 * with several processes, in test/queue/queueMode.test.ts.
 */
export class DeduplicationStore implements IDataDeduplicator {
	private readonly entries = new Map<string, string[]>();

	/** What the next call throws, once; for tests of a database that does not answer. */
	nextError: Error | undefined;

	/** What every call throws; for tests of a database that is down. */
	down: Error | undefined;

	async checkProcessedAndRecord(
		items: DeduplicationItemTypes[],
		scope: DeduplicationScope,
		contextData: ICheckProcessedContextData,
		{ maxEntries = Infinity }: ICheckProcessedOptions,
	): Promise<IDeduplicationOutput> {
		const { nextError } = this;
		this.nextError = undefined;
		const error = nextError ?? this.down;
		if (error) throw error;
		const key = keyOf(scope, contextData);
		const row = this.entries.get(key);
		const before = [...(row ?? [])];
		// A database takes its time; what others write in the meantime is lost.
		await new Promise((resolve) => setImmediate(resolve));
		if (!row && this.entries.has(key)) {
			throw new Error('duplicate key value violates unique constraint');
		}
		const isOld = (item: DeduplicationItemTypes) => before.includes(String(item));
		const fresh = items.filter((item) => !isOld(item));
		const after = [...before, ...fresh.map(String)];
		this.entries.set(key, after.slice(Math.max(0, after.length - maxEntries)));
		return { new: fresh, processed: items.filter(isOld) };
	}

	async removeProcessed(
		items: DeduplicationItemTypes[],
		scope: DeduplicationScope,
		contextData: ICheckProcessedContextData,
	): Promise<void> {
		const key = keyOf(scope, contextData);
		const gone = items.map(String);
		const kept = (this.entries.get(key) ?? []).filter((entry) => !gone.includes(entry));
		this.entries.set(key, kept);
	}

	async clearAllProcessedItems(
		scope: DeduplicationScope,
		contextData: ICheckProcessedContextData,
	): Promise<void> {
		if (this.down) throw this.down;
		this.entries.delete(keyOf(scope, contextData));
	}

	async getProcessedDataCount(
		scope: DeduplicationScope,
		contextData: ICheckProcessedContextData,
	): Promise<number> {
		if (this.down) throw this.down;
		return this.entries.get(keyOf(scope, contextData))?.length ?? 0;
	}
}

let store: DeduplicationStore | undefined;

/** The store of this process; n8n-core accepts one only once. */
export async function deduplicationStore(): Promise<DeduplicationStore> {
	if (!store) {
		store = new DeduplicationStore();
		await DataDeduplicationService.init(store);
	}
	return store;
}

function keyOf(scope: DeduplicationScope, { workflow, node }: ICheckProcessedContextData): string {
	return `${workflow.id} ${scope === 'node' ? node?.id : ''}`;
}
