import type { SandboxClock } from './clock';
import type { Store } from './store';

/** What reads see of the store. */
export type Readable = Pick<Store, 'documents' | 'bulkSends'>;

/**
 * Reads that may lag behind writes, as those of a replica do: they see the store as it was some time ago. Templates,
 * campaigns, webhooks and the organization never lag.
 */
export class Reads {
	private behindMs = 0;
	/** Earlier states of the store, oldest first, each valid from its time on. */
	private past: Array<{ readonly since: number; readonly store: Readable }> = [];

	constructor(
		private readonly store: Store,
		private readonly clock: SandboxClock,
	) {}

	/** From now on reads lag by so many ms; what is in the store now, they see at once. 0 ends it. */
	lagBy(ms: number): void {
		this.behindMs = ms;
		this.past = ms > 0 ? [{ since: -Infinity, store: this.copy() }] : [];
	}

	/** Records what a write has changed. */
	note(): void {
		if (this.behindMs > 0) this.past.push({ since: this.clock.now(), store: this.copy() });
	}

	/** What a read sees now. */
	get current(): Readable {
		const seen = this.clock.now() - this.behindMs;
		while (this.past[1] && this.past[1].since <= seen) this.past.shift();
		return this.past[0]?.store ?? this.store;
	}

	private copy(): Readable {
		return {
			documents: this.store.documents.copy((document) => ({
				...document,
				signers: document.signers.map((signer) => ({ ...signer })),
				fields: document.fields.map((field) => ({ ...field })),
			})),
			bulkSends: this.store.bulkSends.copy((bulkSend) => ({ ...bulkSend })),
		};
	}
}
