import { bulkSend } from './bulkSend/bulkSend.resource';
import { campaign } from './campaign/campaign.resource';
import { document } from './document/document.resource';
import { field } from './field/field.resource';
import type { Resource } from './operation';
import { organization } from './organization/organization.resource';
import { signer } from './signer/signer.resource';
import { template } from './template/template.resource';
import { webhook } from './webhook/webhook.resource';

/** Everything the node can do, in the order of its menus. */
export const resources: Resource[] = [
	bulkSend,
	campaign,
	document,
	field,
	organization,
	signer,
	template,
	webhook,
];
