import { config as n8nConfig } from '@n8n/node-cli/eslint';
import nodesBase from 'eslint-plugin-n8n-nodes-base';
import tseslint from 'typescript-eslint';

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

export default tseslint.config(
	{
		ignores: ['dist/', 'demo-output/', 'test-results/', 'nodes/InSigner/api/schema.d.ts'],
	},
	...n8nRules,
	{ plugins: { 'n8n-nodes-base-newest': nodesBase } },
	// Off below: what n8n's own config turns off too, because its newer rules judge the same more exactly.
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
			// n8n's interfaces ask for promises, also where nothing is awaited.
			'@typescript-eslint/require-await': 'off',
			'@typescript-eslint/no-floating-promises': 'error',
			'@typescript-eslint/consistent-type-imports': 'error',
			'@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
		},
	},
	// n8n gives a parameter as whatever its expression gave; what it means is decided in one place.
	{
		files: ['nodes/**/*.ts'],
		ignores: ['nodes/InSigner/parameters/**'],
		rules: {
			'no-restricted-properties': [
				'error',
				...['getNodeParameter', 'getCurrentNodeParameter', 'getCurrentNodeParameters'].map(
					(property) => ({
						property,
						message:
							'Read it by its type: parametersOf() in nodes/InSigner/parameters/parameters.ts.',
					}),
				),
			],
		},
	},
	// Tests read ids out of JSON whose values n8n types as anything JSON can hold.
	{ files: ['test/**/*.ts'], rules: { '@typescript-eslint/no-base-to-string': 'off' } },
);
