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

/** @type {import('jest').Config} */
export default {
	// Real servers and real time on a busy machine.
	testTimeout: 30_000,
	projects: [
		{ ...common, displayName: 'unit', testMatch: ['<rootDir>/test/unit/**/*.test.ts'] },
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
		{ ...common, displayName: 'trigger', testMatch: ['<rootDir>/test/trigger/**/*.test.ts'] },
		{ ...common, displayName: 'e2e', testMatch: ['<rootDir>/test/e2e/**/*.test.ts'] },
		{ ...common, displayName: 'queue', testMatch: ['<rootDir>/test/queue/**/*.test.ts'] },
		{
			...common,
			displayName: 'examples',
			testMatch: ['<rootDir>/test/examples/**/*.test.ts'],
		},
		{ ...common, displayName: 'producers', testMatch: ['<rootDir>/test/producers/**/*.test.ts'] },
		{ ...common, displayName: 'browser', testMatch: ['<rootDir>/test/browser/**/*.test.ts'] },
	],
};
