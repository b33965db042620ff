import type { Resource } from '../operation';
import { add } from './add.operation';
import { getMany } from './getMany.operation';

export const field: Resource = { name: 'Field', value: 'field', operations: [add, getMany] };
