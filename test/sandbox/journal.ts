/** One request to the API or to the storage. Written when it arrives, completed when it ends. */
export interface JournalRequest {
	readonly seq: number;
	/** Milliseconds on the sandbox clock. */
	readonly at: number;
	readonly origin: 'api' | 'storage';
	readonly method: string;
	/** Below /api/v1 for the API, without the query. */
	readonly path: string;
	readonly query: Readonly<Record<string, string>>;
	operationId?: string;
	readonly requestId: string;
	/** Names in lower case. `authorization` holds the id of the key, never the key. */
	readonly headers: Readonly<Record<string, string>>;
	/** The parsed JSON, or the number of bytes of anything else. */
	readonly body: unknown;
	/** Undefined while under way, and if no answer was sent. */
	status?: number;
	/** The fault that was played. */
	fault?: 'status' | 'brokenOff' | 'drop' | 'hang';
	/** What happened to an effect that comes after the answer. */
	late?: 'due' | 'done' | 'refused';
	/** The client closed the connection before the answer. */
	aborted?: true;
	/** An API key, or any other Authorization header, reached the storage: a leak. */
	authorizationOnStorage?: true;
	/** The sandbox itself broke the contract: what was wrong. Always a bug of the sandbox. */
	contractViolation?: string;
}

/** One attempt to deliver an event. */
export interface JournalDelivery {
	/** Milliseconds on the sandbox clock. */
	readonly at: number;
	readonly webhookId: string;
	readonly url: string;
	readonly event: string;
	/** 1 to 9. */
	readonly attempt: number;
	readonly status?: number;
	readonly error?: string;
	/** The exact text that was sent. */
	readonly body: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly durationMs: number;
}

/** One email the service would have sent. */
export interface JournalEmail {
	/** Milliseconds on the sandbox clock. */
	readonly at: number;
	readonly to: string;
	readonly name: string;
	readonly kind: 'invitation' | 'reminder' | 'copy' | 'completed';
	readonly documentId: string;
	readonly bulkSendId?: string;
	/** In invitations and reminders. */
	readonly signingUrl?: string;
}

/** Everything that went in and out, in order. */
export class Journal {
	requests: JournalRequest[] = [];
	deliveries: JournalDelivery[] = [];
	emails: JournalEmail[] = [];
	private lastSeq = 0;

	/** The number for the next request. Counting continues after `clear`. */
	nextSeq(): number {
		this.lastSeq += 1;
		return this.lastSeq;
	}

	/** Empties the three lists. */
	clear(): void {
		this.requests = [];
		this.deliveries = [];
		this.emails = [];
	}
}
