import type { INode } from 'n8n-workflow';

import { NOT_SET, Parameters } from '../../../nodes/InSigner/parameters/parameters';

const node: INode = {
	id: 'node',
	name: 'inSigner',
	type: 'n8n-nodes-insigner.inSigner',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

/**
 * Parameters with these values, as those of an item are.
 *
 * @param values - by name; what is missing is not set
 */
export function given(values: object): Parameters {
	const held = new Map<string, unknown>(Object.entries(values));
	return new Parameters({
		node,
		zone: 'UTC',
		itemIndex: 0,
		within: '',
		get: (name) => (held.has(name) ? held.get(name) : NOT_SET),
	});
}
