import { endpoints } from '../../nodes/InSigner/api/endpoints';
import type { User } from './usage';

/**
 * Writes docs/api-coverage.md.
 *
 * @param users - who calls what
 * @returns the document; its table is not aligned, so that one change is one line
 */
export function coverageDocument(users: readonly User[]): string {
	const entries = Object.entries(endpoints);
	const rows = entries.map(([name, { method, path, known }]) => [
		`\`${method} ${path}\``,
		known,
		users
			.filter((user) => user.endpoints.has(name))
			.map((user) => user.name)
			.join(', '),
	]);
	const used = rows.filter(([, , who]) => who !== '').length;
	return `# API coverage

Made by \`npm run docs:coverage\`; a test fails when it is stale. The endpoints are those of [insigner.openapi.yaml](../insigner.openapi.yaml). Who uses them was found in the code, function by function.

${used} of ${entries.length} endpoints are used. _Documented_: method, path and form stand in inSigner's public documentation. _Partly_: method and path do, the form only in part. _Inferred_: none of it; it follows from a scope, a status or the other endpoints.

| Endpoint | Known | Used by |
| --- | --- | --- |
${rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}

_Pickers_ are the lists to choose from in the parameters. When inSigner answers 404 to an inferred endpoint, the nodes also read the document, signer, field, bulk send or campaign with a documented one, to tell a missing object from an endpoint that does not exist. The credential test reads \`GET /org\`.
`;
}
