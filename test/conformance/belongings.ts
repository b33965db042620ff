/** What a run creates and has to remove again. Signers and fields go with their document. */
export type Kind = 'document' | 'webhook' | 'bulkSend' | 'signer' | 'field';

/** Something this run created. */
export interface Belonging {
	readonly kind: Kind;
	readonly id: string;
}

/** No object has it: the service makes its own ids. */
export const NO_SUCH_ID = 'n8n-nodes-insigner-conformance-no-such-id';

/** Everything that this run has created. Nothing else is ever changed. */
export class Belongings {
	private readonly made = new Map<string, Belonging>();
	private readonly gone = new Set<string>();

	/** Records something that was just created. */
	add(kind: Kind, id: string): void {
		this.made.set(id, { kind, id });
	}

	/** Records that something is gone. */
	remove(id: string): void {
		this.gone.add(id);
	}

	/** Whether a request may change what these ids name: what this run created, or what cannot exist. */
	mayChange(ids: readonly string[]): boolean {
		return ids.length > 0 && ids.every((id) => id === NO_SUCH_ID || this.made.has(id));
	}

	/** What still exists of a kind, newest first. */
	left(kind: Kind): string[] {
		return [...this.made.values()]
			.filter((one) => one.kind === kind && !this.gone.has(one.id))
			.map(({ id }) => id)
			.reverse();
	}
}
