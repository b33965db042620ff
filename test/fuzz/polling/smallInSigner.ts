/** A small inSigner for the property tests: documents and their states, listed in whatever order. */
import type { DataOf } from '../../../nodes/InSigner/api/endpoint';
import { InSignerApiError } from '../../../nodes/InSigner/api/errors';
import type { Subject } from '../../../nodes/InSigner/polling/reading';
import { documentSighting } from '../../../nodes/InSigner/polling/sightings';

type Document = DataOf<'getDocument'>;

/** The order of lists; the documentation promises none. */
export type Order = 'newest' | 'oldest' | 'scattered';

/** Small, so that a few documents fill several pages. */
const PAGE = 3;

const NODE = {
	id: 'trigger',
	name: 'Trigger',
	type: 'n8n-nodes-insigner.inSignerPollingTrigger',
	typeVersion: 1,
	position: [0, 0] as [number, number],
	parameters: {},
};

export class Service {
	private readonly documents = new Map<string, Document>();
	/** The state of each document, from a time on. */
	private readonly past = new Map<string, Array<{ from: number; document: Document }>>();
	/** Milliseconds since 1970. */
	now = Date.parse('2026-05-01T00:00:00Z');
	/** What happened, as `event id`. */
	readonly happened: string[] = [];
	/** Requests that will still be answered; then each one ends in a 503. */
	answers = Number.POSITIVE_INFINITY;
	/** Reads of a single document that will not find it, although it is there. */
	unfound = 0;

	/** @param lagMs - how long lists keep showing the old state */
	constructor(
		private readonly order: Order,
		private readonly lagMs = 0,
	) {}

	get size(): number {
		return this.documents.size;
	}

	/** Ids of drafts and of what is pending. */
	unended(): string[] {
		return [...this.documents.values()]
			.filter(({ status }) => status === 'draft' || status === 'pending')
			.map(({ id }) => id);
	}

	/** Creates a draft with this many signers. */
	create(signers: number): void {
		const id = `cm${this.documents.size + 1}`;
		const at = this.tick();
		this.documents.set(id, {
			id,
			name: id,
			status: 'draft',
			signingType: 'parallel',
			fileSize: 1,
			expiresAt: null,
			completedAt: null,
			createdAt: at,
			updatedAt: at,
			templateId: null,
			campaignId: null,
			bulkSendId: null,
			folderId: null,
			_count: { signers, fields: signers, attachments: 0 },
			signers: Array.from({ length: signers }, (_, order) => ({
				id: `sr_${id}_${order}`,
				email: `person${order}@example.test`,
				name: `Person ${order}`,
				role: 'signer' as const,
				status: 'pending' as const,
				order,
				signedAt: null,
				createdAt: at,
				updatedAt: at,
			})),
			fields: [],
		});
		this.keep(id);
	}

	/** The next step of the nth document, if it can take one: sending, or a signature, the last of which completes it. */
	advance(index: number): void {
		const document = this.at(index);
		if (document?.status === 'draft') {
			this.change(document, { status: 'pending' });
			this.happened.push(`document.sent ${document.id}`);
		} else if (document?.status === 'pending') {
			const signer = document.signers.find(({ signedAt }) => signedAt === null);
			if (!signer) return;
			this.change(document, {}, (signedAt) =>
				Object.assign(signer, { status: 'completed', signedAt }),
			);
			this.happened.push(`signer.completed ${signer.id}`);
			if (document.signers.some(({ signedAt }) => signedAt === null)) return;
			this.change(document, { status: 'completed', completedAt: document.updatedAt });
			this.happened.push(`document.completed ${document.id}`);
		}
	}

	/** Ends the nth document without a contract, if it is pending. */
	end(index: number, status: 'declined' | 'cancelled' | 'expired'): void {
		const document = this.at(index);
		if (document?.status !== 'pending') return;
		this.change(document, { status });
		this.happened.push(`document.${status} ${document.id}`);
	}

	/** Something that isn't a step, as when a signer opens the document. */
	touch(index: number): void {
		const document = this.at(index);
		if (document?.status === 'pending') this.change(document, {});
	}

	/** What the trigger reads it through. */
	subject(): Subject {
		const list = (status?: string) => async (cursor?: string) => {
			this.answer();
			const rest = [...this.documents.keys()]
				.flatMap((id) => this.asListed(id) ?? [])
				.filter((document) => status === undefined || document.status === status)
				.map((document) => ({ document, place: this.placeOf(document) }))
				.sort((one, other) => one.place - other.place)
				.filter(({ place }) => cursor === undefined || place > Number(cursor));
			const page = rest.slice(0, PAGE);
			const last = page.at(-1);
			return {
				// A list shows no signers.
				sightings: page.map(({ document: { signers, fields, ...entry } }) => {
					expect(signers).toHaveLength(entry._count.signers);
					expect(fields).toEqual([]);
					return documentSighting(entry);
				}),
				...(rest.length > PAGE && last && { next: String(last.place) }),
			};
		};
		return {
			lists: [list('draft'), list('pending')],
			all: list(),
			one: async (id) => {
				this.answer();
				const document = this.documents.get(id);
				this.unfound -= 1;
				if (!document || this.unfound >= 0) throw this.problem(404);
				return documentSighting(structuredClone(document));
			},
		};
	}

	private placeOf({ id }: Document): number {
		const number = Number(id.slice(2));
		if (this.order === 'newest') return 1e9 - number;
		if (this.order === 'oldest') return number;
		return (number * 7919) % 1009;
	}

	private answer(): void {
		this.answers -= 1;
		if (this.answers < 0) throw this.problem(503);
	}

	private problem(status: number): InSignerApiError {
		return new InSignerApiError(NODE, { endpoint: 'listDocuments', result: 'refused', status });
	}

	private at(index: number): Document | undefined {
		return [...this.documents.values()][index % Math.max(1, this.documents.size)];
	}

	private change(
		document: Document,
		change: Partial<Document>,
		and: (at: string) => void = () => undefined,
	): void {
		const updatedAt = this.tick();
		Object.assign(document, change, { updatedAt });
		and(updatedAt);
		this.keep(document.id);
	}

	private keep(id: string): void {
		if (this.lagMs === 0) return;
		const document = structuredClone(this.documents.get(id));
		if (!document) return;
		this.past.set(id, [...(this.past.get(id) ?? []), { from: this.now, document }]);
	}

	/** As a list shows it now; undefined while it does not show it yet. */
	private asListed(id: string): Document | undefined {
		if (this.lagMs === 0) return this.documents.get(id);
		const seen = this.past.get(id)?.filter(({ from }) => from <= this.now - this.lagMs);
		return seen?.at(-1)?.document;
	}

	private tick(): string {
		this.now += 1;
		return new Date(this.now).toISOString();
	}
}
