import { randomBytes } from 'node:crypto';
import type { ApiKey } from '../apiKeys';
import type { Cloud } from '../cloud';
import { requireFuture } from '../newDocument';
import { newId } from '../newId';
import { handle, type HandlersOf } from '../operation';
import { findOwn } from '../ownership';
import { cutPage } from '../pagination';
import { toCampaign } from '../representations';
import type { StoredCampaign } from '../store';

type CampaignOperations =
	| 'listCampaigns'
	| 'createCampaign'
	| 'getCampaign'
	| 'updateCampaign'
	| 'deleteCampaign';

/** The operations on campaigns (api/campaigns). */
export function campaignHandlers(cloud: Cloud): HandlersOf<CampaignOperations> {
	const find = (caller: ApiKey, id: string): StoredCampaign =>
		findOwn(cloud.store.campaigns, caller, id, 'Campaign');
	return {
		listCampaigns: handle('listCampaigns', ({ caller, query }) => {
			const text = query.search?.toLowerCase() ?? '';
			const wanted = cloud.store.campaigns
				.newestFirst(caller.organizationId)
				.filter(({ item }) => query.status === undefined || item.status === query.status)
				.filter(({ item }) => item.name.toLowerCase().includes(text));
			const page = cutPage(wanted, query);
			return { status: 200, json: { data: page.items.map(toCampaign), meta: page.meta } };
		}),

		createCampaign: handle('createCampaign', ({ caller, body }) => {
			requireFuture(body.expiresAt, cloud.clock.now());
			findOwn(cloud.store.templates, caller, body.templateId, 'Template');
			const now = cloud.clock.iso();
			const campaign = cloud.store.campaigns.add({
				id: newId('cmp_'),
				organizationId: caller.organizationId,
				name: body.name,
				slug: slugOf(body.name),
				status: 'active',
				submissionCount: 0,
				maxSubmissions: body.maxSubmissions ?? null,
				collectPhone: body.collectPhone ?? true,
				requireOtp: body.requireOtp ?? false,
				requireKyc: body.requireKyc ?? false,
				expiresAt: body.expiresAt ?? null,
				brandColor: body.brandColor ?? '#003271',
				templateId: body.templateId,
				welcomeTitle: body.welcomeTitle ?? null,
				welcomeMessage: body.welcomeMessage ?? null,
				redirectUrl: body.redirectUrl ?? null,
				createdAt: now,
				updatedAt: now,
			});
			return { status: 201, json: { data: toCampaign(campaign) } };
		}),

		getCampaign: handle('getCampaign', ({ caller, path }) => {
			return { status: 200, json: { data: toCampaign(find(caller, path.campaignId)) } };
		}),

		updateCampaign: handle('updateCampaign', ({ caller, path, body }) => {
			const campaign = find(caller, path.campaignId);
			requireFuture(body.expiresAt, cloud.clock.now());
			Object.assign(campaign, body, { updatedAt: cloud.clock.iso() });
			return { status: 200, json: { data: toCampaign(campaign) } };
		}),

		deleteCampaign: handle('deleteCampaign', ({ caller, path }) => {
			const campaign = find(caller, path.campaignId);
			cloud.store.campaigns.delete(campaign.id);
			return { status: 200, json: { data: { id: campaign.id, deleted: true } } };
		}),
	};
}

/** "Employee NDA" becomes "employee-nda-a1b2c3d4", as in the documented example. */
function slugOf(name: string): string {
	const words = name.toLowerCase().match(/[a-z0-9]+/g) ?? [];
	return [...words, randomBytes(4).toString('hex')].join('-');
}
