import type { Resource } from '../operation';
import { create } from './create.operation';
import { deleteBulkSend } from './delete.operation';
import { get } from './get.operation';
import { getMany } from './getMany.operation';

export const bulkSend: Resource = {
	name: 'Bulk Send',
	value: 'bulkSend',
	operations: [create, deleteBulkSend, get, getMany],
};
