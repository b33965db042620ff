import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

import { N8N_VERSIONS } from '../../host/n8nVersions';

interface Job {
	permissions?: Record<string, string>;
	strategy?: { matrix: Record<string, unknown> };
	steps: Array<{ run?: string; uses?: string }>;
}

interface Workflow {
	on: { push: { tags?: string[] } };
	permissions: Record<string, string>;
	jobs: Record<string, Job>;
}

const root = join(__dirname, '../../..');
const workflow = (file: string) =>
	parse(readFileSync(join(root, '.github/workflows', file), 'utf8')) as Workflow;
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
	scripts: Record<string, string>;
};
const commandsOf = ({ steps }: Job) => steps.flatMap(({ run }) => (run ? [run] : []));

describe.each(['ci.yml', 'publish.yml'])('%s', (file) => {
	const jobs = Object.values(workflow(file).jobs);

	it('runs only scripts that package.json has', () => {
		const used = jobs
			.flatMap(commandsOf)
			.flatMap((command) => [...command.matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name));
		expect(used.length).toBeGreaterThan(2);
		expect(used.filter((name) => !scripts[name ?? ''])).toEqual([]);
	});

	it('may read the repository and nothing more, but for the job that publishes', () => {
		expect(workflow(file).permissions).toEqual({ contents: 'read' });
		const more = jobs.flatMap(({ permissions }) => (permissions ? [permissions] : []));
		expect(more).toEqual(file === 'publish.yml' ? [{ contents: 'read', 'id-token': 'write' }] : []);
	});
});

it('CI runs every layer of tests', () => {
	const layersOf = (script = '') =>
		/--selectProjects ((?:\w+ ?)+)/.exec(script)?.[1]?.trim().split(' ');
	const run = Object.values(workflow('ci.yml').jobs)
		.flatMap(commandsOf)
		.flatMap((command) => layersOf(scripts[command.replace('npm run ', '')]) ?? []);
	const layers = Object.entries(scripts)
		.filter(([name]) => name.startsWith('test:'))
		.flatMap(([, script]) => layersOf(script) ?? []);
	expect(new Set(layers).size).toBeGreaterThan(10);
	expect(layers.filter((layer) => !run.includes(layer))).toEqual([]);
});

it('CI runs the versions of n8n that npm run compat runs', () => {
	expect(workflow('ci.yml').jobs.compatibility?.strategy?.matrix).toEqual({ n8n: N8N_VERSIONS });
});

it('nothing is published before tests, release check and scanner', () => {
	const { on, jobs } = workflow('publish.yml');
	expect(on.push).toEqual({ tags: ['v*'] });
	expect(jobs.publish).toMatchObject({ needs: 'test' });
	const commands = jobs.publish ? commandsOf(jobs.publish) : [];
	const last = commands.findIndex((command) => command.includes('n8n-node release'));
	const gates = ['npm run build', 'npm run release:check -- "$GITHUB_REF_NAME"', 'npm run scan'];
	expect(commands.slice(last - 3, last)).toEqual(gates);
	expect(last).toBe(commands.length - 1);
});
