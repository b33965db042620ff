import type { EndpointName } from '../../nodes/InSigner/api/endpoint';
import { endpoints } from '../../nodes/InSigner/api/endpoints';
import { INFERENCES, settledBy } from '../conformance/inferences';

/** Someone who calls endpoints, by the name that documentation uses, e.g. `Document: Get Many`. */
export interface User {
	name: string;
	/** What the sandbox was asked for. */
	endpoints: ReadonlySet<EndpointName>;
}

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
		known === 'documented' ? '–' : settledBy(name as EndpointName),
		users
			.filter((user) => user.endpoints.has(name as EndpointName))
			.map((user) => user.name)
			.join(', '),
	]);
	const isInTable = ({ number }: (typeof INFERENCES)[number]) =>
		rows.some(([, , how = '']) => new RegExp(`(^|<br>)${number}\\. `).test(how));
	const others = INFERENCES.filter((inference) => !isInTable(inference));
	const used = rows.filter(([, , , who]) => who !== '').length;
	return `# API coverage

Made by \`npm run docs:coverage\`; a test fails when it is stale. The endpoints are those of [insigner.openapi.yaml](../insigner.openapi.yaml). Who uses them is what the sandbox was asked for while every operation, both triggers and the pickers were at work and all went well.

${used} of ${entries.length} endpoints are used. _Documented_: method, path and form stand in inSigner's public documentation. _Partly_: method and path do, the form only in part. _Inferred_: none of it; it follows from a scope, a status or the other endpoints.

| Endpoint | Known | Settled by | Used by |
| --- | --- | --- | --- |
${rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}

_Settled by_ says how [\`npm run conformance\`](conformance.md) checks what is open about an endpoint, by the number of the inference: always, that is with any key and without changing anything, or with one of its options. Some need a person. Inferences that are about documented endpoints, or about none:

${others.map(({ number, claim, settledBy: how }) => `- ${number}. ${claim}. ${how}.`).join('\n')}

_Pickers_ are the lists to choose from in the parameters. Where it is not clear whether a request was carried out, some operations also read what came of it; [architecture.md](architecture.md) says which and what. When inSigner answers 404 to an inferred endpoint, the nodes also read the document, signer, field, bulk send or campaign with a documented one, to tell a missing object from an endpoint that does not exist. The credential test reads \`GET /org\`.
`;
}
