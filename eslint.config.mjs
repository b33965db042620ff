import { config as n8nConfig } from '@n8n/node-cli/eslint';
import nodesBase from 'eslint-plugin-n8n-nodes-base';
import tseslint from 'typescript-eslint';

import { zones } from './test/zones.mjs';

/** What n8n loads: n8n's own rules, those for n8n Cloud included, in the versions its CLI pins. */
const shipped = ['nodes/**/*.ts', 'credentials/**/*.ts'];

/** n8n's config speaks of every TypeScript file; tests and sandbox run on a developer's machine, not in n8n. */
const n8nRules = n8nConfig.map((entry) =>
	entry.files?.includes('**/*.ts') ? { ...entry, files: shipped } : entry,
);

/** The newest n8n-nodes-base rules too, under a name of their own beside the older set that the CLI brings. */
const newest = (set) =>
	Object.fromEntries(
		Object.entries(nodesBase.configs[set].rules).map(([name, level]) => [
			name.replace('n8n-nodes-base/', 'n8n-nodes-base-newest/'),
			level,
		]),
	);

/** n8n returns whatever a parameter's expression gave; what it means is decided in one place. */
const readers = ['getNodeParameter', 'getCurrentNodeParameter', 'getCurrentNodeParameters'].map(
	(property) => ({
		property,
		message: 'Read it by its type: parametersOf() in nodes/InSigner/parameters/parameters.ts.',
	}),
);

/** One door to the outside. Only a credential test, which gets a function of its own from n8n, does without it. */
const requests = [
	...['httpRequest', 'httpRequestWithAuthentication', 'requestWithAuthentication'].map(
		(property) => ({
			property,
		}),
	),
	{ object: 'helpers', property: 'request' },
].map((door) => ({
	...door,
	message: 'Send it through transmit() in nodes/InSigner/api/transport.ts.',
}));

/** What a room of nodes/InSigner may import, and that only api/ may interpret HTTP statuses. */
function roomRules(room, allowed) {
	const closed = Object.keys(zones).filter((other) => other !== room && !allowed.includes(other));
	const inWords = 'Ask in words: isGone(), isUnclear() and others in nodes/InSigner/api/errors.ts.';
	return {
		files: [`nodes/InSigner/${room}/**/*.ts`],
		rules: {
			'no-restricted-properties': ['error', ...readers, ...requests],
			'no-restricted-imports': [
				'error',
				{
					patterns: [
						{
							regex: `^(\\.\\./)+(?:(?:${closed.join('|')})/|[^/]+\\.node$)`,
							message: `${room}/ may not import from there, see test/zones.mjs.`,
						},
						...(room === 'api'
							? []
							: [{ regex: 'api/errors$', importNames: ['hasStatus'], message: inWords }]),
					],
				},
			],
			...(room !== 'api' && {
				'no-restricted-syntax': [
					'error',
					{
						selector:
							'BinaryExpression:matches([left.name=/^(status|statusCode)$/], [left.property.name=/^(status|statusCode)$/]) > Literal[value>=400]',
						message: inWords,
					},
				],
			}),
		},
	};
}

export default tseslint.config(
	{
		ignores: ['dist/', 'demo-output/', 'test-results/', 'nodes/InSigner/api/schema.d.ts'],
	},
	...n8nRules,
	{ plugins: { 'n8n-nodes-base-newest': nodesBase } },
	// Turned off below: what n8n's own config turns off too, because its newer rules check the same more precisely.
	{
		files: ['credentials/**/*.ts'],
		rules: {
			...newest('credentials'),
			'n8n-nodes-base-newest/cred-class-field-documentation-url-miscased': 'off',
		},
	},
	{
		files: ['nodes/**/*.ts'],
		rules: {
			...newest('nodes'),
			'n8n-nodes-base-newest/node-class-description-inputs-wrong-regular-node': 'off',
			'n8n-nodes-base-newest/node-class-description-outputs-wrong': 'off',
		},
	},
	{
		files: ['nodes/**/*.ts', 'credentials/**/*.ts', 'test/**/*.ts'],
		extends: [tseslint.configs.recommendedTypeChecked],
		languageOptions: {
			parserOptions: { project: ['test/tsconfig.json'], tsconfigRootDir: import.meta.dirname },
		},
		rules: {
			// n8n's interfaces require promises, even if nothing is awaited.
			'@typescript-eslint/require-await': 'off',
			'@typescript-eslint/no-floating-promises': 'error',
			'@typescript-eslint/consistent-type-imports': 'error',
			'@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
		},
	},
	...Object.entries(zones).map(([room, allowed]) => roomRules(room, allowed)),
	{
		files: ['nodes/InSigner/*.ts'],
		rules: { 'no-restricted-properties': ['error', ...readers, ...requests] },
	},
	{
		files: ['nodes/InSigner/parameters/**/*.ts'],
		rules: { 'no-restricted-properties': ['error', ...requests] },
	},
	{
		files: ['nodes/InSigner/api/transport.ts', 'nodes/InSigner/api/credentialTest.ts'],
		rules: { 'no-restricted-properties': ['error', ...readers] },
	},
	// Tests read ids out of JSON whose values n8n types as any JSON value.
	{ files: ['test/**/*.ts'], rules: { '@typescript-eslint/no-base-to-string': 'off' } },
);
