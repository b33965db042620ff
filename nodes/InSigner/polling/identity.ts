import type { IPollFunctions } from 'n8n-workflow';

import { isForbiddenOrNotOffered, isGone } from '../api/errors';
import { request } from '../api/request';
import type { Subjects } from './round';
import { NOTHING_KNOWN, type Snapshot } from './snapshot';

/** How many known documents are looked for with a new key before it is treated as another organization's. */
const MAX_LOOKED_FOR = 5;

/**
 * What is remembered, if it belongs to the key's organization. With a key of another one, all of its documents would
 * seem new.
 *
 * A key belongs to one organization forever, so the same key needs no check. With another key, inSigner is asked for
 * the organization. If the key may not read that (it lacks org.read), finding one of the known documents with it
 * decides.
 *
 * @param ctx - n8n's poll context
 * @param snapshot - what is remembered
 * @param owner - stands for the key
 * @param subjects - what is watched
 * @param isFirst - whether this is the first poll of the process, which looks up the organization if it is not known
 * @returns the snapshot, marked with key and organization; for another organization, one with nothing but these marks
 * @throws InSignerApiError as request(), if it cannot be determined
 * @see https://docs.insigner.co/api/organization
 */
export async function ofSameOrganization(
	ctx: IPollFunctions,
	snapshot: Snapshot,
	owner: string,
	subjects: Subjects,
	isFirst: boolean,
): Promise<Snapshot> {
	const isOtherKey = snapshot.owner !== undefined && snapshot.owner !== owner;
	if (!isOtherKey && !(isFirst && snapshot.organization === undefined)) {
		return { ...snapshot, owner };
	}
	const organization = await organizationOf(ctx).catch((error: unknown) => {
		if (isOtherKey && !isForbiddenOrNotOffered(error)) throw error;
		return undefined;
	});
	const marks = { owner, ...(organization !== undefined && { organization }) };
	const isKnown = organization !== undefined && snapshot.organization !== undefined;
	const isSame =
		!isOtherKey ||
		(isKnown ? organization === snapshot.organization : await findsAny(snapshot, subjects));
	if (isSame) return { ...snapshot, ...marks };
	ctx.logger.warn(
		isKnown
			? `${ctx.getNode().name}: the API key is one of another organization, so a new starting point is taken`
			: `${ctx.getNode().name}: the API key is another one and none of the known documents is found with it, so a new starting point is taken`,
	);
	return marks;
}

async function organizationOf(ctx: IPollFunctions): Promise<string> {
	return (await request(ctx, 'getOrganization')).data.id;
}

/** Looks for the document that changed last and for some that are open. */
async function findsAny(snapshot: Snapshot, subjects: Subjects): Promise<boolean> {
	for (const name of ['documents', 'bulkSends'] as const) {
		const { known, latestId } = snapshot[name] ?? NOTHING_KNOWN;
		const ids = new Set([...(latestId === undefined ? [] : [latestId]), ...known.keys()]);
		for (const id of [...ids].slice(0, MAX_LOOKED_FOR)) {
			const isThere = await subjects[name]?.one(id).then(
				() => true,
				(error: unknown) => {
					if (isGone(error)) return false;
					throw error;
				},
			);
			if (isThere) return true;
		}
	}
	return false;
}
