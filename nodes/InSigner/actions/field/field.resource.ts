import type { Resource } from '../operation';
import { add } from './add.operation';
import { findInPdf } from './findInPdf.operation';
import { getMany } from './getMany.operation';
import { remove } from './remove.operation';
import { update } from './update.operation';

export const field: Resource = {
	name: 'Field',
	value: 'field',
	operations: [add, findInPdf, getMany, remove, update],
};
