import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { STEPS, type Step } from './getUsage';
import { Tree, type Outcome } from './tree';

jest.setTimeout(600_000);

const PREVIEW = 'dist/nodes/InSigner/__schema__/v1.0.0/organization/getUsage.json';

/** The tests of the operation itself. */
const OF_THE_OPERATION = 'test/engine/organization.test.ts';

/** Steps that are left out together: each is noticed by a test file that notices none of the others. */
const ROUNDS = [
	[
		...['test/unit/sandbox/contract.test.ts', 'test/engine/<resource>.test.ts', 'README.md'],
		...['npm run docs:schemas', 'npm run descriptions', 'npm run docs:coverage'],
	],
	['test/engine/operationsAtWork.ts'],
	['npm run schema', 'test/sandbox/handlers'],
	['insigner.openapi.yaml', 'nodes/InSigner/actions/<resource>/<resource>.resource.ts'],
	['nodes/InSigner/actions/<resource>/<operation>.operation.ts'],
].map((names) => STEPS.filter(({ name }) => names.includes(name)));

/** The repository with all steps, twice, so that two processors are busy. */
let complete: Tree;
let incomplete: Tree;
/** The files of all steps as they were before. */
const before = new Map<string, string | undefined>();

let built: { code: number; output: string };
let passing: Record<string, Outcome>;
/** By step, what the test file that notices its absence said. */
const missing = new Map<Step, Outcome | undefined>();

beforeAll(async () => {
	complete = await Tree.copy();
	for (const file of STEPS.flatMap(({ files }) => files)) {
		before.set(file, await complete.read(file));
	}
	// The generated documents follow from the sources, whatever the order.
	const isDocument = ({ name }: Step) => /^npm run d/.test(name);
	for (const step of STEPS.filter((one) => !isDocument(one))) await step.take(complete);
	await Promise.all(STEPS.filter(isDocument).map(async (step) => await step.take(complete)));
	incomplete = await Tree.copy(complete.folder);
	await Promise.all([takeAll(), leaveOut()]);
});
afterAll(async () => {
	await complete?.remove();
	await incomplete?.remove();
});

async function takeAll(): Promise<void> {
	built = await complete.run('npm', ['run', '--silent', 'build']);
	const files = [...STEPS.map(({ missed }) => missed.by), OF_THE_OPERATION];
	passing = await complete.test([...new Set(files)]);
}

async function leaveOut(): Promise<void> {
	for (const steps of ROUNDS) {
		const taken = new Map<string, string | undefined>();
		for (const file of steps.flatMap(({ files }) => files)) {
			taken.set(file, await incomplete.read(file));
			await incomplete.write(file, before.get(file));
		}
		const outcomes = await incomplete.test(steps.map(({ missed }) => missed.by));
		for (const [file, text] of taken) await incomplete.write(file, text);
		for (const step of steps) missing.set(step, outcomes[step.missed.by]);
	}
}

it('CONTRIBUTING.md names these steps in this order, and no other', () => {
	const page = readFileSync(join(__dirname, '../../CONTRIBUTING.md'), 'utf8');
	const section = /^## How to add an operation\n([^]*?)\n## /m.exec(page)?.[1] ?? '';
	const listed = section.split('\n').filter((line) => /^\d\. /.test(line));
	const spans = listed.flatMap((line) =>
		[...line.matchAll(/`([^`]+)`/g)].map(([, span = '']) => span),
	);
	const isStep = (span: string) => /^npm run |\/|\.md$|\.yaml$/.test(span);
	expect(spans.filter(isStep)).toEqual(STEPS.map(({ name }) => name));
});

it('with all steps, it builds', () => {
	expect(built).toMatchObject({ code: 0 });
});

it('with all steps, all its tests pass', () => {
	const failed = Object.entries(passing).filter(([, { passed }]) => !passed);
	expect(failed.map(([file, { message }]) => `${file}: ${message}`)).toEqual([]);
	expect(Object.keys(passing)).toContain(OF_THE_OPERATION);
});

it.each(STEPS.map((step) => [step.name, step] as const))(
	'without %s, a test fails that says what to do',
	(_, step) => {
		const { passed, message } = missing.get(step) ?? {};
		expect(passed).toBe(false);
		expect(message).toMatch(step.missed.says);
	},
);

it('the build also says that there is no output preview', async () => {
	await complete.write(PREVIEW, undefined);
	const gulp = 'node_modules/gulp/bin/gulp.js';
	const { code, output } = await complete.run(process.execPath, [gulp, 'check']);
	expect(code).not.toBe(0);
	expect(output).toMatch(/getUsage\.json; run npm run docs:schemas/);
});
