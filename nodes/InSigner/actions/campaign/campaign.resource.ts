import type { Resource } from '../operation';
import { create } from './create.operation';
import { deleteCampaign } from './delete.operation';
import { get } from './get.operation';
import { getMany } from './getMany.operation';
import { update } from './update.operation';

export const campaign: Resource = {
	name: 'Campaign',
	value: 'campaign',
	operations: [create, deleteCampaign, get, getMany, update],
};
