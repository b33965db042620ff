import { bulkSend } from './bulkSend/bulkSend.resource';
import { campaign } from './campaign/campaign.resource';
import { document } from './document/document.resource';
import { field } from './field/field.resource';
import type { Resource } from './operation';
import { organization } from './organization/organization.resource';
import { signer } from './signer/signer.resource';
import { template } from './template/template.resource';
import { webhook } from './webhook/webhook.resource';

/** Everything the node can do, in the order of its menus: what people look for first comes first. */
export const resources: Resource[] = [
	document,
	template,
	bulkSend,
	signer,
	field,
	campaign,
	organization,
	webhook,
];
