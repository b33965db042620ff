import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

import { endpoints } from '../../../nodes/InSigner/api/endpoints';

interface Operation {
	operationId: string;
	'x-scope': string;
	'x-known': string;
}

const contract = parse(readFileSync(join(__dirname, '../../../insigner.openapi.yaml'), 'utf8')) as {
	paths: Record<string, Record<string, Operation>>;
};

describe('the endpoint table', () => {
	it('says the same as insigner.openapi.yaml, line by line', () => {
		const described = Object.entries(contract.paths).flatMap(([path, methods]) =>
			Object.entries(methods)
				.filter(([method]) => ['get', 'post', 'patch', 'put', 'delete'].includes(method))
				.map(([method, operation]) => [
					operation.operationId,
					{
						method: method.toUpperCase(),
						path,
						scope: operation['x-scope'],
						known: operation['x-known'],
					},
				]),
		);
		expect(endpoints).toEqual(Object.fromEntries(described));
	});
});
