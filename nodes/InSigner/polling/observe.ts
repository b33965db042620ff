import type { SignatureEvent } from '../events/events';
import type { Sighting } from './sightings';
import type { Known, Watch } from './snapshot';

/** An answer from inSigner. */
export type Observed =
	/** A page of one of the lists of things that can still change. */
	| { of: 'list'; list: number; sightings: readonly Sighting[]; next?: string }
	/** A page of the list of everything; `from` is the cursor it was asked with. */
	| { of: 'all'; from?: string; sightings: readonly Sighting[]; next?: string }
	/** One document or bulk send that was read on its own; undefined if it is gone. */
	| { of: 'one'; id: string; sighting?: Sighting };

/** What is watched. */
export interface Scope {
	/** The number of lists of things that can still change. */
	lists: number;
	/** Whether it matters who signed, which only reading a document tells. */
	signers: boolean;
}

/** An event, and what it is about. */
export interface Transition {
	/** Id of the document or bulk send. */
	id: string;
	event: SignatureEvent;
	/** The document or bulk send, for the filters. */
	about: object;
}

/** How far lists and reads may lag behind what happened, in ms, by the times that inSigner gives. */
export const OVERLAP_MS = 600_000;

/** This many entries in a row, newest first, are not a coincidence. */
const EVIDENT = 100;

/** The most ended documents or bulk sends that are remembered. */
export const MAX_ENDED = 10_000;

/**
 * Compares an answer with what is known. This is all of the trigger's memory, and nothing else: no request, no clock.
 *
 * While the starting point is taken, nothing is told. Afterwards every step of a document is told once: sent, each
 * signature, and its end. This relies on two facts. What can still change is in one of a few lists, so what left them
 * has ended. And what was created, sent and ended between two polls is in the list of everything and newer than
 * `createdUpTo`. So what ended is forgotten as soon as everything of its age was seen and no list can still show it
 * as it was before.
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
		const next = { ...withTimes(watch, observed.sighting ? [observed.sighting] : []), known };
		return { transitions: learn(next, known, observed, scope), next };
	}
	const { sightings } = observed;
	const next: Watch = { ...withTimes(watch, sightings), known };
	const transitions = sightings.flatMap((sighting) => look(next, known, sighting, scope));
	return {
		transitions,
		next:
			observed.of === 'list'
				? afterList(next, known, observed, scope)
				: afterAll(next, known, observed, watch.latest),
	};
}

/**
 * What needs to be read on its own.
 *
 * @param watch - what is known
 * @returns ids, longest waiting first; none while the starting point is taken
 */
export function dueIn(watch: Watch): string[] {
	if (watch.starting) return [];
	return [...watch.known].flatMap(([id, { due }]) => (due ? [id] : []));
}

/**
 * Moves one that could not be read to the end, so that it does not hold up the others.
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
 * Remembers what was known before an emission about what was told in it, so that it can be told again.
 *
 * @param before - what was known before the poll
 * @param after - what is known after it
 * @param ids - what was told about
 * @returns `after` with that memory
 */
export function remember(before: Watch, after: Watch, ids: Iterable<string>): Watch {
	const told = new Map<string, Known>();
	for (const id of ids) told.set(id, before.known.get(id) ?? DRAFT);
	return { ...after, told };
}

/**
 * Takes back what was told last, so that it is read and told again: the process that emitted it has ended, and it is
 * unknown whether n8n had stored the execution by then.
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

/**
 * How many of those that are remembered have ended.
 *
 * @param watch - what is known
 */
export function endedIn(watch: Watch): number {
	return [...watch.known.values()].filter(({ stage }) => stage === 'ended').length;
}

/** None of its events were emitted yet. */
const DRAFT: Known = { stage: 'draft', time: 0, due: false, seen: false };

/** The time at inSigner, by the latest time in an answer. */
function withTimes(watch: Watch, sightings: readonly Sighting[]): Watch {
	let { latest, latestId } = watch;
	for (const sighting of sightings) {
		const time = lastChangeOf(sighting);
		if (time > latest) ({ latest, latestId } = { latest: time, latestId: sighting.id });
	}
	return { ...watch, latest, ...(latestId !== undefined && { latestId }) };
}

function lastChangeOf({ createdAt, updatedAt }: Sighting): number {
	return Math.max(createdAt, updatedAt);
}

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
		known.set(id, { ...(before ?? DRAFT), seen: true, missing: undefined, ...change });

	// A page may be older than what was read since; nothing moves backwards.
	if (knownStage === 'ended') return [];
	if (stage === 'draft') {
		if (knownStage === 'draft') set({});
		return [];
	}
	if (stage === 'ended') {
		if (before) set({ due: true });
		else if (watch.starting) set({ stage, time: lastChangeOf(sighting) });
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

/** One that was read on its own. */
function learn(
	{ createdUpTo, latest }: Watch,
	known: Map<string, Known>,
	{ id, sighting }: Extract<Observed, { of: 'one' }>,
	scope: Scope,
): Transition[] {
	const before = known.get(id) ?? DRAFT;
	if (!sighting) {
		// The read may lag behind, so it is only forgotten once it is in no list and again not found.
		if (before.missing) known.delete(id);
		else known.set(id, { ...before, due: false, seen: false, missing: true });
		return [];
	}
	const { stage, sent, signings = [], ended } = sighting;
	if (stage === 'draft') {
		known.set(id, { ...before, due: false, missing: undefined });
		return [];
	}
	const isNew = before.stage === 'draft';
	// Its signers were never read: what was signed up to the last look belongs to the starting point.
	const unseen = isNew
		? signings
		: signings.filter(({ mark, at }) =>
				before.signers ? !before.signers.includes(mark) : at === undefined || at > before.time,
			);
	if (stage === 'ended') {
		const time = lastChangeOf(sighting) || latest;
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

/** The lists are read one after another; what none of them showed has left them. */
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

/** The list of everything is read from the start over and over, a part in each poll. */
function afterAll(
	watch: Watch,
	known: Map<string, Known>,
	{ from, sightings, next }: Extract<Observed, { of: 'all' }>,
	latestBefore: number,
): Watch {
	const isFirst = from === undefined && !watch.sweep;
	if (!isFirst && from !== watch.sweep?.cursor) return watch;

	const upTo = watch.sweep?.upTo ?? latestBefore - OVERLAP_MS;
	const lowest = descending(sightings, isFirst ? Number.POSITIVE_INFINITY : watch.sweep?.lowest);
	const { starting, latest } = watch;
	// The first look at an organization need not read 50,000 old documents if newest-first is evident.
	const isEvident =
		sightings.length >= EVIDENT && lowest !== undefined && lowest < latest - OVERLAP_MS;
	const isOver = next === undefined || (starting?.all === true && isEvident);
	const seenUpTo = isOver
		? Math.max(watch.createdUpTo, starting?.all ? latest - OVERLAP_MS : upTo)
		: watch.createdUpTo;
	return {
		...watch,
		createdUpTo: forgetEnded(known, seenUpTo, starting?.all ? latest - OVERLAP_MS : seenUpTo),
		sweep: isOver ? undefined : { cursor: next, upTo, lowest },
		...(starting && isOver && { starting: { ...starting, all: false } }),
	};
}

/** @returns the earliest creation, if all came in order of creation, newest first; otherwise undefined */
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

/**
 * Forgets what ended up to a time; what was created by then can no longer seem new. If more remains than can be
 * remembered (a huge organization, whose list of everything is hardly ever read to its end), the earlier half is
 * forgotten, and anything that was created by then, has ended and was never seen is given up.
 *
 * @returns `createdUpTo`, or the later time up to which ended ones had to be forgotten
 */
function forgetEnded(known: Map<string, Known>, createdUpTo: number, endedUpTo: number): number {
	const forget = (upTo: number) => {
		for (const [id, { stage, time, due }] of known) {
			if (stage === 'ended' && !due && time <= upTo) known.delete(id);
		}
	};
	forget(endedUpTo);
	const ended = [...known.values()].filter(({ stage, due }) => stage === 'ended' && !due);
	if (ended.length <= MAX_ENDED) return createdUpTo;
	const times = ended.map(({ time }) => time).sort((one, other) => one - other);
	const middle = times[Math.floor(times.length / 2)] ?? createdUpTo;
	forget(middle);
	return Math.max(createdUpTo, middle);
}
