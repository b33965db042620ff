import type { Resource } from '../operation';
import { checkAndRepair } from './checkAndRepair.operation';
import { deleteWebhook } from './delete.operation';
import { get } from './get.operation';
import { getMany } from './getMany.operation';
import { update } from './update.operation';

export const webhook: Resource = {
	name: 'Webhook',
	value: 'webhook',
	operations: [checkAndRepair, deleteWebhook, get, getMany, update],
};
