import type { Resource } from '../operation';
import { create } from './create.operation';
import { get } from './get.operation';
import { getMany } from './getMany.operation';

export const bulkSend: Resource = {
	name: 'Bulk Send',
	value: 'bulkSend',
	operations: [create, get, getMany],
};
