import type { Resource } from '../operation';
import { get } from './get.operation';
import { getMembers } from './getMembers.operation';

export const organization: Resource = {
	name: 'Organization',
	value: 'organization',
	operations: [get, getMembers],
};
