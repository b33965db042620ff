import type { EntryOf } from '../../api/pagination';
import { pick } from '../simplify';

/**
 * A campaign without what a workflow rarely needs.
 *
 * @param campaign - as the API gives it
 */
export function simpleCampaign(campaign: EntryOf<'listCampaigns'>): object {
	return pick(campaign, [
		'id',
		'name',
		'status',
		'slug',
		'submissionCount',
		'maxSubmissions',
		'expiresAt',
		'templateId',
		'createdAt',
	]);
}
