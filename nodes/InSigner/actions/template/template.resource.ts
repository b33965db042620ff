import type { Resource } from '../operation';
import { createDocument } from './createDocument.operation';
import { get } from './get.operation';
import { getMany } from './getMany.operation';

export const template: Resource = {
	name: 'Template',
	value: 'template',
	operations: [createDocument, get, getMany],
};
