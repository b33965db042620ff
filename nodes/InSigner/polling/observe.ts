import type { SignatureEvent } from '../trigger/events';
import type { Sighting } from './sightings';
import type { Known, Watch } from './snapshot';

/** Something inSigner answered. */
export type Observed =
	/** A page of one of the lists of things that can still change. */
	| { of: 'list'; list: number; sightings: readonly Sighting[]; next?: string }
	/** A page of the list of everything; `from` is the cursor it was asked with. */
	| { of: 'all'; from?: string; sightings: readonly Sighting[]; next?: string }
	/** One document or bulk send that was read by itself; undefined when it is gone. */
	| { of: 'one'; id: string; sighting?: Sighting };

/** What is watched. */
export interface Scope {
	/** How many lists of things that can still change there are. */
	lists: number;
	/** Whether it matters who signed, which only reading a document tells. */
	signers: boolean;
}

/** An event, with what it is about. */
export interface Transition {
	/** Id of the document or bulk send. */
	id: string;
	event: SignatureEvent;
	/** The document or bulk send, for the filters. */
	about: object;
}

/**
 * How much older than the newest object another one may be, in ms, and still appear later in a list: inSigner
 * gives a time before it is done with writing.
 */
export const OVERLAP_MS = 600_000;

/**
 * Compares an answer with what is known. All of the trigger's memory is here, and nothing else: no request, no clock.
 *
 * While the starting point is taken, nothing is told. Afterwards every step of a document is told once: sent, each
 * signing, and its end. It rests on two facts. What can change is in one of few lists, so what left them has ended.
 * And what was made, sent and ended between two looks is in the list of everything and younger than `createdUpTo`.
 *
 * @param watch - what is known
 * @param observed - the answer
 * @param scope - what is watched
 * @returns what happened, in order, and what is known now; `watch` itself stays as it is
 */
export function observe(
	watch: Watch,
	observed: Observed,
	scope: Scope,
): { transitions: Transition[]; next: Watch } {
	const known = new Map(watch.known);
	if (observed.of === 'one') {
		const transitions = learn({ ...watch, known }, known, observed, scope);
		return { transitions, next: { ...watch, known } };
	}
	const { sightings } = observed;
	const newest = sightings.reduce(
		(latest, { createdAt }) => Math.max(latest, createdAt),
		watch.newest,
	);
	const next: Watch = { ...watch, newest, known };
	const transitions = sightings.flatMap((sighting) => look(next, known, sighting, scope));
	return {
		transitions,
		next:
			observed.of === 'list'
				? afterList(next, known, observed, scope)
				: afterAll(next, known, observed, watch.newest),
	};
}

/**
 * What has to be read by itself.
 *
 * @param watch - what is known
 * @returns ids, those that wait longest first; none while the starting point is taken
 */
export function dueIn(watch: Watch): string[] {
	if (watch.starting) return [];
	return [...watch.known].flatMap(([id, { due }]) => (due ? [id] : []));
}

/**
 * Puts one that could not be read behind all others, so that it holds up none of them.
 *
 * @param watch - what is known
 * @param id - which one
 * @returns what is known, in another order
 */
export function postpone(watch: Watch, id: string): Watch {
	const known = new Map(watch.known);
	const one = known.get(id);
	if (one && known.delete(id)) known.set(id, one);
	return { ...watch, known };
}

/**
 * Remembers what was told in an emission by what was known before it, so that it can be told again.
 *
 * @param before - what was known before the poll
 * @param after - what is known after it
 * @param ids - what was told of
 * @returns `after` with that memory
 */
export function remember(before: Watch, after: Watch, ids: Iterable<string>): Watch {
	const told = new Map<string, Known>();
	for (const id of ids) told.set(id, before.known.get(id) ?? DRAFT);
	return { ...after, told };
}

/**
 * Takes back what was told last, so that it is read and told again: the process that emitted it has ended, and
 * nobody can say whether n8n had stored the execution by then.
 *
 * @param watch - what is known
 * @returns what was known before
 */
export function forgetTold(watch: Watch): Watch {
	const known = new Map(watch.known);
	for (const [id, before] of watch.told) {
		known.set(id, { ...before, due: true, seen: known.get(id)?.seen ?? false });
	}
	return { ...watch, known, told: new Map() };
}

/** Nothing of it was told yet. */
const DRAFT: Known = { stage: 'draft', time: 0, due: false, seen: false };

/** One entry of a list. */
function look(
	watch: Watch,
	known: Map<string, Known>,
	sighting: Sighting,
	{ signers }: Scope,
): Transition[] {
	const { id, stage, createdAt, updatedAt } = sighting;
	const before = known.get(id);
	const knownStage = before?.stage ?? 'draft';
	const set = (change: Partial<Known>) =>
		known.set(id, { ...(before ?? DRAFT), seen: true, ...change });

	// A page may be older than what was read since; nothing goes back.
	if (knownStage === 'ended') return [];
	if (stage === 'draft') {
		if (knownStage === 'draft') set({});
		return [];
	}
	if (stage === 'ended') {
		if (before) set({ due: true });
		else if (watch.starting) set({ stage, time: createdAt });
		else if (createdAt > watch.createdUpTo) set({ due: true });
		return [];
	}
	if (knownStage === 'open') {
		if (before?.time === updatedAt) set({});
		else if (signers) set({ due: true });
		else set({ time: updatedAt, signers: undefined });
		return [];
	}
	if (watch.starting && !before?.due) {
		set({ stage, time: updatedAt });
		return [];
	}
	if (signers || before?.due) {
		set({ due: true });
		return [];
	}
	set({ stage, time: updatedAt });
	return transitionsOf(sighting, [sighting.sent]);
}

/** One that was read by itself. */
function learn(
	{ createdUpTo, newest }: Watch,
	known: Map<string, Known>,
	{ id, sighting }: Extract<Observed, { of: 'one' }>,
	scope: Scope,
): Transition[] {
	const before = known.get(id) ?? DRAFT;
	if (!sighting) {
		known.delete(id);
		return [];
	}
	const { stage, sent, signings = [], ended } = sighting;
	if (stage === 'draft') {
		known.set(id, { ...before, due: false });
		return [];
	}
	const isNew = before.stage === 'draft';
	// Whose signers nobody looked at: what was signed up to the last look was there at the start.
	const unseen = isNew
		? signings
		: signings.filter(({ mark, at }) =>
				before.signers ? !before.signers.includes(mark) : at === undefined || at > before.time,
			);
	if (stage === 'ended') {
		const time = sighting.createdAt || newest;
		if (time <= createdUpTo) known.delete(id);
		else known.set(id, { stage, time, due: false, seen: true });
	} else {
		known.set(id, {
			stage,
			time: sighting.updatedAt,
			...(scope.signers && { signers: signings.map(({ mark }) => mark) }),
			due: false,
			seen: before.seen,
		});
	}
	return transitionsOf(sighting, [
		isNew ? sent : undefined,
		...unseen.map(({ event }) => event),
		ended,
	]);
}

function transitionsOf(
	{ id, json }: Sighting,
	events: ReadonlyArray<SignatureEvent | undefined>,
): Transition[] {
	return events.flatMap((event) => (event ? [{ id, event, about: json }] : []));
}

/** The lists are read one after the other; what none of them showed has left them. */
function afterList(
	watch: Watch,
	known: Map<string, Known>,
	{ list, next }: Extract<Observed, { of: 'list' }>,
	{ lists }: Scope,
): Watch {
	if (next !== undefined) return { ...watch, reading: { list, cursor: next } };
	if (list + 1 < lists) return { ...watch, reading: { list: list + 1 } };
	for (const [id, one] of known) {
		const left = one.stage !== 'ended' && !one.seen;
		known.set(id, { ...one, due: one.due || left, seen: false });
	}
	return { ...watch, reading: undefined, starting: undefined };
}

/** The list of everything is read from the start again and again, a part of it in each poll. */
function afterAll(
	watch: Watch,
	known: Map<string, Known>,
	{ from, sightings, next }: Extract<Observed, { of: 'all' }>,
	newestBefore: number,
): Watch {
	const isFirst = from === undefined && !watch.sweep;
	if (!isFirst && from !== watch.sweep?.cursor) return watch;

	const upTo = watch.sweep?.upTo ?? newestBefore - OVERLAP_MS;
	const lowest = descending(sightings, isFirst ? Number.POSITIVE_INFINITY : watch.sweep?.lowest);
	const { starting, newest } = watch;
	// The first look at an organization need not read 50,000 old documents where newest-first is evident.
	const isEvident = lowest !== undefined && lowest < newest - OVERLAP_MS;
	const isOver = next === undefined || (starting?.all === true && isEvident);
	const createdUpTo = isOver
		? Math.max(watch.createdUpTo, starting?.all ? newest - OVERLAP_MS : upTo)
		: watch.createdUpTo;
	prune(known, starting?.all ? newest - OVERLAP_MS : createdUpTo);
	return {
		...watch,
		createdUpTo,
		sweep: isOver ? undefined : { cursor: next, upTo, lowest },
		...(starting && isOver && { starting: { ...starting, all: false } }),
	};
}

/** @returns the earliest creation, when all came in the order of creation from the newest on; else undefined */
function descending(
	sightings: readonly Sighting[],
	lowestBefore: number | undefined,
): number | undefined {
	return sightings.reduce(
		(lowest: number | undefined, { createdAt }) =>
			lowest !== undefined && createdAt <= lowest ? createdAt : undefined,
		lowestBefore,
	);
}

/** What ended and was made so early that it cannot be taken for new any more. */
function prune(known: Map<string, Known>, createdUpTo: number): void {
	for (const [id, { stage, time, due }] of known) {
		if (stage === 'ended' && !due && time <= createdUpTo) known.delete(id);
	}
}
