import type { EntryOf } from '../../api/pagination';
import { pick } from '../simplify';

/**
 * A campaign without what a workflow rarely needs. Its public link was not seen yet, so both names it may have are
 * looked for.
 *
 * @param campaign - as the API gives it
 * @returns up to ten keys
 */
export function simpleCampaign(campaign: EntryOf<'listCampaigns'>): object {
	const { publicUrl, url = publicUrl } = campaign;
	return pick({ ...campaign, url }, [
		'id',
		'name',
		'status',
		'slug',
		'url',
		'submissionCount',
		'maxSubmissions',
		'expiresAt',
		'templateId',
		'createdAt',
	]);
}
