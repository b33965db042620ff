import type { Cloud } from '../cloud';
import type { OperationId } from '../contract';
import type { HandlersOf } from '../operation';
import { bulkSendHandlers } from './bulkSends';
import { campaignHandlers } from './campaigns';
import { documentHandlers } from './documents';
import { fieldHandlers } from './fields';
import { organizationHandlers } from './organization';
import { signerHandlers } from './signers';
import { templateHandlers } from './templates';
import { webhookHandlers } from './webhooks';

/** A handler for every operation of the contract; a missing one does not compile. */
export function allHandlers(cloud: Cloud): HandlersOf<OperationId> {
	return {
		...documentHandlers(cloud),
		...signerHandlers(cloud),
		...fieldHandlers(cloud),
		...templateHandlers(cloud),
		...campaignHandlers(cloud),
		...bulkSendHandlers(cloud),
		...organizationHandlers(cloud),
		...webhookHandlers(cloud),
	};
}
