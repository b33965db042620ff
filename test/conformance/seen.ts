import type { EndpointName } from '../../nodes/InSigner/api/endpoint';
import type { Box } from '../../nodes/InSigner/actions/field/placement';
import type { Presence } from './probing';

/** Something that was asked of this run's own objects, and whether reading them afterwards showed it. */
export interface Effect {
	readonly done: boolean;
	/** The answer or what was read, in a few words. */
	readonly words: string;
}

/** A field as sent and as read back. */
export interface ComparedField {
	readonly type: string;
	readonly sent: Box & { readonly assignedTo: number; readonly options?: readonly string[] };
	readonly read: Readonly<Record<keyof Box | 'assignedTo' | 'options', unknown>>;
}

/** A signer as sent and as read back. */
export interface ComparedSigner {
	readonly id: string;
	readonly signingType: 'sequential' | 'parallel';
	/** Position among the signers as they were added, from 0. */
	readonly added: number;
	readonly sentOrder: number;
	readonly readOrder: unknown;
}

/** What the person who was asked saw. */
export interface PersonsWord {
	readonly yes: boolean;
	readonly remark: string;
}

/** How using a template went, see api/templates. */
export interface TemplateUse {
	/** Slots of the template. */
	readonly slots: number;
	/** What was wrong with it, as sentences; none if everything was as inferred. */
	readonly problems: string[];
}

/** How the service answered webhooks' events. */
export interface TriedEvents {
	readonly accepted: string[];
	readonly refused: string[];
	/** The service also accepts a made-up name, so accepting proves nothing. */
	readonly takesAnything: boolean;
}

/**
 * What one run has seen, as far as the inferences rely on it. What is missing was not looked at. Verdicts are based
 * on this alone.
 */
export interface Seen {
	readonly endpoints: Map<EndpointName, Presence>;
	readonly effects: Map<EndpointName, Effect>;
	/** Endpoints with a status that a deletion answered. */
	readonly deletions: Array<{ readonly endpoint: EndpointName; readonly words: string }>;
	/** What answers that promise only an id lacked; an empty list if they lacked nothing. */
	readonly lacking: Map<EndpointName, string[]>;
	/** What `getDocument` lacked. */
	shape?: string[];
	download?: { readonly form: 'json' | 'redirect' | 'bytes' | 'other'; readonly words: string };
	readonly fields: ComparedField[];
	readonly signers: ComparedSigner[];
	/** `required` of a field that was sent without it, as read back. */
	requiredDefault?: { readonly read: unknown };
	/** Fields with options that were refused. */
	readonly optionsRefused: string[];
	templateUse?: TemplateUse;
	/** How `use` was refused for lack of a scope, and whether the key may create documents. */
	useForbidden?: { readonly words: string; readonly mayCreate: boolean };
	/** Keys of a campaign that hold a URL made from its slug, or whose name suggests one. */
	campaignUrls?: { readonly known: string[]; readonly others: string[] };
	events?: TriedEvents;
	/** Whether the first signer has certainly opened the document. */
	opened?: boolean;
	/** Statuses of signers, as read. */
	readonly signerStatuses: Set<string>;
	/** Types of the errors 400, 500 and 502. */
	readonly errorTypes: Array<{ readonly status: number; readonly type: string | undefined }>;
	upload?: { readonly refused?: string; readonly lifetimeSeconds?: number };
	/** Whether lists below a document, and the members, carry `meta`. */
	readonly listMeta: Map<EndpointName, boolean>;
	/** Signers of a sequential document that was just sent: who already has a link. */
	links?: { readonly first: boolean; readonly second: boolean };
	readonly person: Partial<Record<'places' | 'owners' | 'emails', PersonsWord>>;
	/** Why something was not looked at, by the number of the inference. */
	readonly why: Map<number, string>;
	/** What refutes nothing but is worth knowing. */
	readonly remarks: Set<string>;
}

/** Nothing seen yet. */
export function nothingSeen(): Seen {
	return {
		endpoints: new Map(),
		effects: new Map(),
		deletions: [],
		lacking: new Map(),
		fields: [],
		signers: [],
		optionsRefused: [],
		signerStatuses: new Set(),
		errorTypes: [],
		listMeta: new Map(),
		person: {},
		why: new Map(),
		remarks: new Set(),
	};
}
