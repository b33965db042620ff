// Writes nodes/InSigner/api/endpoints.ts, the table of all endpoints, from insigner.openapi.yaml.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import prettier from 'prettier';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '..');
const file = join(root, 'nodes/InSigner/api/endpoints.ts');

const { paths } = parse(readFileSync(join(root, 'insigner.openapi.yaml'), 'utf8'));
const METHODS = ['get', 'post', 'patch', 'delete'];
const lines = Object.entries(paths).flatMap(([path, methods]) =>
	METHODS.filter((method) => methods[method]).map((method) => {
		const { operationId, 'x-scope': scope, 'x-known': known } = methods[method];
		return `${operationId}: ${known}('${method.toUpperCase()}', '${path}', '${scope}'),`;
	}),
);

const text = `// Generated from insigner.openapi.yaml by \`npm run schema\`; correct an inferred line there.
import { documented, inferred, partly, type Endpoint, type EndpointName } from './endpoint';

/** Every method and path of the API with the scope a key needs; nothing else in the project spells a path. */
export const endpoints: Readonly<Record<EndpointName, Endpoint>> = {
${lines.join('\n')}
};
`;
const options = await prettier.resolveConfig(file);
writeFileSync(process.argv[2] ?? file, await prettier.format(text, { ...options, filepath: file }));
