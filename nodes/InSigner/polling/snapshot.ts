import type { IDataObject } from 'n8n-workflow';

import { isObject } from '../json/json';

/** How far along an object is: not sent, under way, or over. A bulk send is never a draft. */
export type Stage = 'draft' | 'open' | 'ended';

/** What is remembered about one document or bulk send. */
export interface Known {
	/** The stage whose events were told. */
	stage: Stage;
	/** Milliseconds since 1970: when it ended, for `ended`; when it last changed, for `open`; 0 for `draft`. */
	time: number;
	/** Marks of the signers whose signature was told; undefined if the signers were never read. */
	signers?: readonly string[];
	/** Whether it has to be read, since something happened to it. */
	due: boolean;
	/** Whether the lists that are being read showed it. */
	seen: boolean;
	/** Whether the last read did not find it. */
	missing?: boolean;
}

/** A list that is being read over several polls, and where to continue. */
export interface Reading {
	/** Which of the lists of things that can still change. */
	list: number;
	cursor?: string;
}

/** A list of everything that is being read over several polls, and where to continue. */
export interface Sweep {
	cursor: string;
	/** Everything created up to then (ms since 1970) will have been seen at its end. */
	upTo: number;
	/** The earliest creation seen, while the list goes from the newest to the oldest; undefined once it does not. */
	lowest?: number;
}

/** What a poll reads: what is new, what can still change, and the next part of everything. */
export type Turn = 'new' | 'lists' | 'sweep';

/** What is remembered about the documents, or about the bulk sends. */
export interface Watch {
	/**
	 * Present while the starting point is taken: first everything is read (`all`), then what can still change, so
	 * that nothing slips through between the two.
	 */
	starting?: { all: boolean };
	/** Created up to then (ms since 1970) and not known means: over, and told or never to be told. */
	createdUpTo: number;
	/** The latest time seen, of a creation or a change, in ms since 1970: at least this late at inSigner. */
	latest: number;
	/** Of which document or bulk send that was. */
	latestId?: string;
	/** What the next poll begins with, so that each gets its turn if the share is small. */
	turn?: Turn;
	reading?: Reading;
	sweep?: Sweep;
	known: ReadonlyMap<string, Known>;
	/** What was known, before the last emission, of what was told in it. */
	told: ReadonlyMap<string, Known>;
}

/** What the trigger remembers between two polls. */
export interface Snapshot {
	documents?: Watch;
	bulkSends?: Watch;
	/** The process that emitted last. */
	toldBy?: string;
	/** Stands for the key it was read with. */
	owner?: string;
	/** Id of the key's organization; undefined if the key may not read it. */
	organization?: string;
}

/** Changes with the form of what is stored. */
const VERSION = 2;

/** Before anything was read. */
export const NOTHING_KNOWN: Watch = {
	starting: { all: true },
	createdUpTo: 0,
	latest: 0,
	known: new Map(),
	told: new Map(),
};

/**
 * Writes a snapshot as n8n keeps it, one short line per object: about 45 bytes for a document.
 *
 * @param snapshot - what to keep
 * @returns the keys of the node's static data
 */
export function encode({
	documents,
	bulkSends,
	toldBy,
	owner,
	organization,
}: Snapshot): IDataObject {
	return {
		version: VERSION,
		...(documents && { documents: encodeWatch(documents) }),
		...(bulkSends && { bulkSends: encodeWatch(bulkSends) }),
		...(toldBy !== undefined && { toldBy }),
		...(owner !== undefined && { owner }),
		...(organization !== undefined && { organization }),
	};
}

/**
 * Reads what {@link encode} wrote.
 *
 * @param stored - the node's static data
 * @returns the snapshot; an empty one if nothing is stored, or in an unknown form
 */
export function decode(stored: IDataObject): Snapshot {
	if (stored.version !== VERSION) return {};
	const { documents, bulkSends, toldBy, owner, organization } = stored;
	return {
		...(isObject(documents) && { documents: decodeWatch(documents) }),
		...(isObject(bulkSends) && { bulkSends: decodeWatch(bulkSends) }),
		...(typeof toldBy === 'string' && { toldBy }),
		...(typeof owner === 'string' && { owner }),
		...(typeof organization === 'string' && { organization }),
	};
}

function encodeWatch({ known, told, starting, reading, sweep, ...watch }: Watch): IDataObject {
	return {
		...watch,
		...(starting && { starting: { ...starting } }),
		...(reading && { reading: { ...reading } }),
		...(sweep && { sweep: { ...sweep } }),
		known: encodeLines(known),
		told: encodeLines(told),
	};
}

function decodeWatch(stored: Record<string, unknown>): Watch {
	const { known, told, ...watch } = stored;
	return {
		...(watch as Omit<Watch, 'known' | 'told'>),
		known: decodeLines(known),
		told: decodeLines(told),
	};
}

const LETTERS: Readonly<Record<Stage, string>> = { draft: 'd', open: 'o', ended: 'e' };
const STAGES: Readonly<Record<string, Stage>> = { d: 'draft', o: 'open', e: 'ended' };

function encodeLines(known: ReadonlyMap<string, Known>): string {
	return [...known]
		.map(([id, { stage, time, signers, due, seen, missing }]) =>
			[
				encodeURIComponent(id),
				LETTERS[stage] + (due ? '!' : '') + (seen ? '+' : '') + (missing ? '-' : ''),
				time === 0 ? '' : time.toString(36),
				...(signers ?? ['?']),
			].join(' '),
		)
		.join('\n');
}

function decodeLines(text: unknown): Map<string, Known> {
	const known = new Map<string, Known>();
	if (typeof text !== 'string' || text === '') return known;
	for (const line of text.split('\n')) {
		const [id = '', state = '', time = '', ...signers] = line.split(' ');
		known.set(decodeURIComponent(id), {
			stage: STAGES[state[0] ?? ''] ?? 'open',
			time: time === '' ? 0 : Number.parseInt(time, 36),
			...(signers[0] !== '?' && { signers }),
			due: state.includes('!'),
			seen: state.includes('+'),
			...(state.includes('-') && { missing: true }),
		});
	}
	return known;
}
