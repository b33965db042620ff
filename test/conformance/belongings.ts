/** What a run makes and has to remove again. Signers and fields go with their document. */
export type Kind = 'document' | 'webhook' | 'bulkSend' | 'signer' | 'field';

/** Something of this run. */
export interface Belonging {
	readonly kind: Kind;
	readonly id: string;
}

/** No object has it: the service makes its own ids. */
export const NO_SUCH_ID = 'n8n-nodes-insigner-conformance-no-such-id';

/** Everything that this run has made. Nothing else is ever changed. */
export class Belongings {
	private readonly made = new Map<string, Belonging>();
	private readonly gone = new Set<string>();

	/** Notes something that was just made. */
	add(kind: Kind, id: string): void {
		this.made.set(id, { kind, id });
	}

	/** Notes that something is not there any more. */
	remove(id: string): void {
		this.gone.add(id);
	}

	/** Whether a request may change what these ids name: what this run made, or what cannot exist. */
	mayChange(ids: readonly string[]): boolean {
		return ids.length > 0 && ids.every((id) => id === NO_SUCH_ID || this.made.has(id));
	}

	/** What is still there of a kind, the newest first. */
	left(kind: Kind): string[] {
		return [...this.made.values()]
			.filter((one) => one.kind === kind && !this.gone.has(one.id))
			.map(({ id }) => id)
			.reverse();
	}
}
