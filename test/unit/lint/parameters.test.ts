import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const PAST_THE_ROOM = `import type { IExecuteFunctions } from 'n8n-workflow';

export const read = (ctx: IExecuteFunctions) => [
	ctx.getNodeParameter('send', 0),
	ctx['getNodeParameter']('send', 0),
];

export function alsoRead({ getNodeParameter }: IExecuteFunctions): unknown {
	return getNodeParameter('send', 0);
}
`;

it('lint fails where a parameter is read past the one place that knows types', () => {
	const files = [
		'nodes/InSigner/actions/deliberate.ts',
		'nodes/InSigner/trigger/settings.ts',
		'nodes/InSigner/parameters/parameters.ts',
	];
	// ESLint reads its config by import(), which jest does not offer.
	const output = execFileSync(
		process.execPath,
		[join(__dirname, 'lintText.mjs'), 'no-restricted-properties', ...files],
		{ cwd: join(__dirname, '../../..'), input: PAST_THE_ROOM, encoding: 'utf8' },
	);
	expect(Object.values(JSON.parse(output) as Record<string, number[]>)).toEqual([
		[4, 5, 8],
		[4, 5, 8],
		[],
	]);
}, 120_000);
