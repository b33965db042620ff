/** What all projects share. Types are checked by `npm run types`; swc only strips them. */
const common = {
	testEnvironment: 'node',
	transform: {
		'^.+\\.ts$': [
			'@swc/jest',
			{
				jsc: { parser: { syntax: 'typescript', decorators: true }, target: 'es2022' },
				// ES-module-only packages (pdfjs-dist) are loaded with a real import().
				module: { type: 'commonjs', ignoreDynamic: true },
			},
		],
	},
	// dist/package.json-like copies collide with jest's module map.
	modulePathIgnorePatterns: ['<rootDir>/dist/'],
};

/** Tests in a real n8n: it is installed first, once, with visible progress. */
const inN8n = { ...common, globalSetup: '<rootDir>/test/host/installed.ts' };

/**
 * What test/unit holds besides tests of pure code: those of the local inSigner Cloud, and of the project's own tools.
 */
const SANDBOX = 'sandbox';
const TOOLS = '(benchmarks|host|lint|release|api/schema|api/endpoints)';
const inUnit = (folder) => ({ testRegex: `test/unit/${folder}.*\\.test\\.ts$` });

/** @type {import('jest').Config} */
export default {
	// Long enough for real servers and real time on a busy machine.
	testTimeout: 30_000,
	// With --coverage: unit and engine tests together, see `npm run test:coverage`.
	collectCoverageFrom: ['{nodes,credentials}/**/*.ts'],
	coverageDirectory: 'test-results/coverage',
	coverageReporters: ['text-summary', 'html'],
	coverageThreshold: { global: { statements: 97, branches: 91, functions: 98, lines: 98 } },
	projects: [
		{ ...common, displayName: 'unit', ...inUnit(`(?!${SANDBOX}/|${TOOLS})`) },
		{ ...common, displayName: 'sandbox', ...inUnit(`${SANDBOX}/`) },
		{ ...common, displayName: 'tools', ...inUnit(TOOLS) },
		{
			...common,
			displayName: 'fuzz',
			testMatch: ['<rootDir>/test/fuzz/**/*.test.ts'],
			setupFiles: ['<rootDir>/test/fuzz/randomSeed.ts'],
		},
		{ ...common, displayName: 'walk', testMatch: ['<rootDir>/test/walk/**/*.test.ts'] },
		{ ...common, displayName: 'engine', testMatch: ['<rootDir>/test/engine/**/*.test.ts'] },
		{
			...common,
			displayName: 'conformance',
			testMatch: ['<rootDir>/test/conformance/**/*.test.ts'],
		},
		{ ...common, displayName: 'faults', testMatch: ['<rootDir>/test/faults/**/*.test.ts'] },
		...['trigger', 'e2e', 'queue', 'examples', 'browser'].map((layer) => ({
			...inN8n,
			displayName: layer,
			testMatch: [`<rootDir>/test/${layer}/**/*.test.ts`],
		})),
		{ ...common, displayName: 'producers', testMatch: ['<rootDir>/test/producers/**/*.test.ts'] },
	],
};
