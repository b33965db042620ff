import type { Cloud } from '../cloud';
import { handle, type HandlersOf } from '../operation';

/** The operations on the organization of the key (api/organization). */
export function organizationHandlers(cloud: Cloud): HandlersOf<'getOrganization' | 'listMembers'> {
	return {
		getOrganization: handle('getOrganization', ({ caller }) => {
			const { members, ...shown } = cloud.store.organization(caller.organizationId);
			const count = (collection: { newestFirst(organizationId: string): unknown[] }): number =>
				collection.newestFirst(caller.organizationId).length;
			const data = {
				...shown,
				_count: {
					members: members.length,
					documents: count(cloud.store.documents),
					templates: count(cloud.store.templates),
					campaigns: count(cloud.store.campaigns),
					apiKeys: cloud.keys.countActive(caller.organizationId),
				},
			};
			return { status: 200, json: { data } };
		}),

		listMembers: handle('listMembers', ({ caller }) => {
			const { members } = cloud.store.organization(caller.organizationId);
			return { status: 200, json: { data: members } };
		}),
	};
}
