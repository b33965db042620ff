/**
 * The steps of "How to add an operation" in CONTRIBUTING.md, taken with a trivial operation of an endpoint that does
 * not exist: Organization: Get Usage. A test takes these steps, leaves out each of them, and compares them with the
 * page.
 */
import type { Tree } from './tree';

/** Something to do: a file to write or change, or a command. */
export interface Step {
	/** As the page names it, with `<resource>` and `<operation>`. */
	name: string;
	/** The files it concerns; for a command, what it writes. */
	files: string[];
	take(tree: Tree): void | Promise<void>;
	/** What notices that it was left out, and says what to do: a test file, and part of its message. */
	missed: { by: string; says: RegExp };
}

const ENDPOINT = 'getOrganizationUsage';

const YAML = `  /org/usage:
    get:
      operationId: ${ENDPOINT}
      tags: [Organization]
      summary: Get how much was used in a month
      x-known: documented
      x-scope: org.read
      parameters:
        - name: period
          in: query
          required: true
          schema: { type: string }
      responses:
        '200':
          description: What was used.
          headers: *standardHeaders
          content:
            application/json:
              schema:
                type: object
                required: [data]
                properties:
                  data:
                    type: object
                    required: [documents]
                    properties:
                      documents: { type: integer }
        '401': { $ref: '#/components/responses/Unauthorized' }
        '403': { $ref: '#/components/responses/Forbidden' }
        '422': { $ref: '#/components/responses/ValidationError' }
        '429': { $ref: '#/components/responses/RateLimited' }
        '500': { $ref: '#/components/responses/InternalError' }
`;

const OPERATION = `import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { request } from '../../api/request';
import { checkText, requireNoProblems } from '../../parameters/checks';
import { parametersOf } from '../../parameters/parameters';
import type { ItemOperation } from '../operation';

const periodProperty: INodeProperties = {
	displayName: 'Period',
	name: 'period',
	type: 'string',
	required: true,
	placeholder: 'e.g. 2026-01',
	default: '',
	description: 'The month that is asked for',
};

/** Reads how much was used in a month. */
export const getUsage: ItemOperation = {
	menu: {
		name: 'Get Usage',
		value: 'getUsage',
		action: 'Get organization usage',
		description: 'Get how many documents were sent in a month',
	},
	properties: [periodProperty],
	execute: async (ctx: IExecuteFunctions, itemIndex: number) => {
		const period = parametersOf(ctx, itemIndex).text(periodProperty);
		requireNoProblems(ctx, itemIndex, checkText('Period', period, { required: true, max: 7 }));
		const { data } = await request(ctx, '${ENDPOINT}', { query: { period }, itemIndex });
		return [{ json: data }];
	},
};
`;

const TEST = `
describe('Organization: Get Usage', () => {
	const usage = async (period: string) => await bench.act('organization', 'getUsage', { period });

	it('is read for a month', async () => {
		const { items } = await usage('2026-01');
		expect(items.map(({ json }) => json)).toEqual([{ documents: 0 }]);
	});

	it('is not read without the scope', async () => {
		const apiKey = bench.sandbox.createKey({ scopes: ['templates.read'] });
		const credentials = { inSignerApi: { ...bench.credentials.inSignerApi, apiKey } };
		const parameters = { period: '2026-01' };
		const { error } = await bench.act('organization', 'getUsage', parameters, { credentials });
		expect(error?.description).toMatch(/missing the permission org\.read/);
	});

	it('is not read without a month', async () => {
		expect((await usage('={{ "" }}')).error?.message).toMatch(/^Period is empty/);
	});
});
`;

const CONTRACT_TEST = 'test/unit/sandbox/contract.test.ts';

/** A change to one file. */
function edit(
	name: string,
	missed: Step['missed'],
	change: (text: string) => string,
	file = name,
): Step {
	const path = file.replaceAll('<resource>', 'organization').replaceAll('<operation>', 'getUsage');
	return { name, files: [path], take: (tree) => tree.change(path, change), missed };
}

/** A script of package.json. */
function command(name: string, files: string[], missed: Step['missed']): Step {
	return { name: `npm run ${name}`, files, take: async (tree) => await tree.script(name), missed };
}

/** Inserts a line before or after a text that has to be there. */
function beside(text: string, anchor: string, added: string, where: 'before' | 'after'): string {
	const parts = text.split(anchor);
	if (parts.length !== 2) throw new Error(`"${anchor}" is there ${parts.length - 1} times`);
	return parts.join(where === 'before' ? added + anchor : anchor + added);
}

/** In the order of the page. */
export const STEPS: Step[] = [
	edit(
		'insigner.openapi.yaml',
		{ by: 'test/unit/api/endpoints.test.ts', says: /generates from insigner\.openapi\.yaml/ },
		(text) => beside(text, '  /org/members:\n', YAML, 'before'),
	),
	command('schema', ['nodes/InSigner/api/schema.d.ts', 'nodes/InSigner/api/endpoints.ts'], {
		by: 'test/unit/api/schema.test.ts',
		says: /run npm run schema/,
	}),
	edit(
		'test/sandbox/handlers',
		{ by: CONTRACT_TEST, says: /no handler of \w+: add one in test\/sandbox\/handlers/ },
		(text) =>
			beside(
				text.replace("'listMembers'>", `'listMembers' | '${ENDPOINT}'>`),
				'		listMembers: handle(',
				`		${ENDPOINT}: handle('${ENDPOINT}', () => ({
			status: 200,
			json: { data: { documents: 0 } },
		})),

`,
				'before',
			),
		'test/sandbox/handlers/<resource>.ts',
	),
	edit(
		CONTRACT_TEST,
		{ by: CONTRACT_TEST, says: new RegExp(`Call ${ENDPOINT} above, in ${CONTRACT_TEST}`) },
		(text) =>
			beside(
				text,
				"		await run('GET', '/org/members');\n",
				"		await run('GET', '/org/usage?period=2026-01');\n",
				'after',
			),
	),
	edit(
		'nodes/InSigner/actions/<resource>/<operation>.operation.ts',
		{ by: 'test/unit/docs/readme.test.ts', says: /Cannot find module '.\/getUsage\.operation'/ },
		() => OPERATION,
	),
	edit(
		'nodes/InSigner/actions/<resource>/<resource>.resource.ts',
		{
			by: 'test/unit/descriptions/texts.test.ts',
			says: /Add getUsage to \S*actions\/organization\/organization\.resource\.ts/,
		},
		(text) =>
			beside(
				text.replace('getMembers]', 'getMembers, getUsage]'),
				"import { getMembers } from './getMembers.operation';\n",
				"import { getUsage } from './getUsage.operation';\n",
				'after',
			),
	),
	edit(
		'test/engine/<resource>.test.ts',
		{
			by: 'test/unit/descriptions/texts.test.ts',
			says: /Test getUsage in test\/engine\/organization\.test\.ts/,
		},
		(text) => text + TEST,
	),
	edit(
		'test/engine/operationsAtWork.ts',
		{ by: 'test/engine/everyOperation.test.ts', says: /Say in test\/engine\/operationsAtWork\.ts/ },
		(text) =>
			beside(
				text,
				"		'organization.getMembers':",
				"		'organization.getUsage': { parameters: { period: '2026-01' } },\n",
				'before',
			),
	),
	command('docs:schemas', ['nodes/InSigner/__schema__/v1.0.0/organization/getUsage.json'], {
		by: 'test/engine/outputPreviews.test.ts',
		says: /getUsage\.json is missing: run npm run docs:schemas/,
	}),
	command('descriptions', ['test/unit/descriptions/inSigner.json'], {
		by: 'test/unit/descriptions/outline.test.ts',
		says: /ADDED[^]*getUsage[^]*run npm run descriptions/,
	}),
	command('docs:coverage', ['docs/api-coverage.md'], {
		by: 'test/engine/apiCoverage.test.ts',
		says: /what npm run docs:coverage makes today/,
	}),
	edit(
		'README.md',
		{ by: 'test/unit/docs/readme.test.ts', says: /Add Organization: Get Usage to README\.md/ },
		(text) => text.replace(/(\| Organization \| Get, Get Members)/, '$1, Get Usage'),
	),
];
