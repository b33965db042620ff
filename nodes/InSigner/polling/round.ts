import { forgetTold, remember, type Transition } from './observe';
import { catchUp, type Means, type Subject } from './reading';
import { NOTHING_KNOWN, type Snapshot } from './snapshot';

/** What is watched: documents, bulk sends or both. */
export type Subjects = Readonly<Partial<Record<'documents' | 'bulkSends', Subject>>>;

/**
 * One round over everything that is watched, with what must survive the end of a process.
 *
 * n8n 2.41 saves what is remembered when a poll returns items, and does not wait for that before it stores the
 * execution. After a crash between the two, the events would be lost. So the snapshot names the process that told
 * them and what was known before, and another process tells them again.
 *
 * @param snapshot - what is remembered
 * @param subjects - what is watched; what is no longer watched is forgotten
 * @param means - what the round may do
 * @param isWanted - whether something that happened is told
 * @param processId - names this process
 * @returns what is to be told, and what to remember; `snapshot` itself stays as it is. `mustSave` if something would
 * be lost if the process ended before it is saved: the starting point and what was told; everything else follows
 * again from an older snapshot
 * @throws as catchUp()
 */
export async function goRound(
	snapshot: Snapshot,
	subjects: Subjects,
	means: Means,
	isWanted: (transition: Transition) => boolean,
	processId: string,
): Promise<{ wanted: Transition[]; next: Snapshot; mustSave: boolean }> {
	const isOthers = snapshot.toldBy !== undefined && snapshot.toldBy !== processId;
	const results = [];
	for (const name of ['bulkSends', 'documents'] as const) {
		const subject = subjects[name];
		if (!subject) continue;
		const kept = snapshot[name] ?? NOTHING_KNOWN;
		const before = isOthers ? forgetTold(kept) : kept;
		const { transitions, next } = await catchUp(subject, before, means);
		results.push({ name, before, next, wanted: transitions.filter(isWanted) });
	}
	const wanted = results.flatMap((result) => result.wanted);
	const tells = wanted.length > 0;
	const isStart = results.some(({ before, next }) => before.starting && !next.starting);
	const next: Snapshot = {};
	for (const { name, before, ...result } of results) {
		const ids = result.wanted.map(({ id }) => id);
		next[name] = tells ? remember(before, result.next, ids) : result.next;
	}
	if (tells) next.toldBy = processId;
	else if (!isOthers && snapshot.toldBy !== undefined) next.toldBy = snapshot.toldBy;
	return { wanted, next, mustSave: tells || isStart };
}
