import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { findings, versionFindings } from '../../release/packedPackage';

const MANIFEST = {
	version: '1.2.3',
	license: 'MIT',
	keywords: ['n8n-community-node-package'],
	scripts: { build: 'gulp build' },
	peerDependencies: { 'n8n-workflow': '*' },
	n8n: {
		n8nNodesApiVersion: 1,
		nodes: ['dist/nodes/InSigner/A.node.js'],
		credentials: ['dist/credentials/A.credentials.js'],
	},
};

const GOOD: Record<string, string> = {
	'package.json': JSON.stringify(MANIFEST),
	'README.md': '',
	'LICENSE.md': '',
	'CHANGELOG.md': '',
	'dist/icons/insigner.svg': '',
	'dist/icons/insigner.dark.svg': '',
	'dist/nodes/InSigner/A.node.json': '{}',
	'dist/nodes/InSigner/A.node.js':
		'require("crypto");\nrequire("./api/b");\nrequire("n8n-workflow");\n',
	'dist/nodes/InSigner/api/b.js': 'exports.b = 1;\n',
	'dist/credentials/A.credentials.js': 'exports.a = 1;\n',
};

let root: string;

beforeEach(async () => {
	root = await mkdtemp(join(tmpdir(), 'n8n-insigner-package-'));
	await write('sources', {
		'nodes/InSigner/A.node.ts': '',
		'nodes/InSigner/api/b.ts': '',
		'credentials/A.credentials.ts': '',
	});
});

afterEach(async () => await rm(root, { recursive: true }));

async function write(folder: string, files: Record<string, string>): Promise<void> {
	for (const [file, text] of Object.entries(files)) {
		const path = join(root, folder, file);
		await mkdir(dirname(path), { recursive: true });
		await writeFile(path, text);
	}
}

const found = async (files: Record<string, string>) => {
	await write('package', files);
	return await findings(join(root, 'package'), join(root, 'sources'));
};

describe('the packed package', () => {
	it('is fine as it should be', async () => {
		expect(await found(GOOD)).toEqual([]);
	});

	it.each<[string, Record<string, string>, string]>([
		['a source map', { 'dist/nodes/InSigner/A.node.js.map': '{}' }, 'A.node.js.map is not needed'],
		['a test', { 'test/a.test.js': '' }, 'test/a.test.js is not needed'],
		['a file of an earlier build', { 'dist/nodes/InSigner/old.js': '' }, 'old.js has no source'],
		[
			'a foreign module',
			{ 'dist/nodes/InSigner/api/b.js': 'require("undici");' },
			'requires undici',
		],
		['fs', { 'dist/nodes/InSigner/api/b.js': 'require("fs");' }, 'requires fs'],
		[
			'a computed require',
			{ 'dist/nodes/InSigner/api/b.js': 'require(a + b);' },
			'names no module',
		],
		['a dynamic import', { 'dist/nodes/InSigner/api/b.js': 'import("zlib");' }, 'requires zlib'],
		['a missing file', { 'dist/nodes/InSigner/api/b.js': 'require("./c");' }, 'not in the package'],
		[
			'a source map comment',
			{ 'dist/nodes/InSigner/api/b.js': '//# sourceMappingURL=b.map' },
			'source map',
		],
		['minified code', { 'dist/nodes/InSigner/api/b.js': 'a=1;'.repeat(500) }, 'is minified'],
		['a dependency', manifestWith({ dependencies: { undici: '7' } }), 'has dependencies'],
		[
			'an optional dependency',
			manifestWith({ optionalDependencies: {} }),
			'has optionalDependencies',
		],
		['an install script', manifestWith({ scripts: { postinstall: 'x' } }), 'script "postinstall"'],
		['a prepare script', manifestWith({ scripts: { prepare: 'x' } }), 'script "prepare"'],
		[
			'another peer',
			manifestWith({ peerDependencies: { 'n8n-workflow': '2' } }),
			'peerDependencies are',
		],
		['another licence', manifestWith({ license: 'ISC' }), 'licence'],
		['no keyword', manifestWith({ keywords: [] }), 'keyword'],
	])('is not fine with %s', async (_, changed, line) => {
		expect(await found({ ...GOOD, ...changed })).toEqual([expect.stringContaining(line)]);
	});

	it.each(
		Object.keys(GOOD).filter(
			(file) => /svg|\.json$|\.md$|node\.js$/.test(file) && file !== 'package.json',
		),
	)('is not fine without %s', async (file) => {
		const others = Object.fromEntries(Object.entries(GOOD).filter(([name]) => name !== file));
		expect(await found(others)).toContain(`${file} is missing`);
	});
});

describe('the version', () => {
	const changelog =
		'# Changelog\n\n## [Unreleased]\n\n## [1.2.3] - 2026-12-01\n\n## [1.2.2] - 2026-11-01\n';

	it('stands in tag, package.json and CHANGELOG', () => {
		expect(versionFindings('v1.2.3', '1.2.3', changelog)).toEqual([]);
	});

	it.each([
		['another tag', 'v1.2.4', '1.2.3', changelog, 'The tag is v1.2.4'],
		['a tag without v', '1.2.3', '1.2.3', changelog, 'The tag is 1.2.3'],
		['an old heading', 'v1.2.2', '1.2.2', changelog, 'newest dated heading'],
		['no date', 'v1.2.3', '1.2.3', '## [1.2.3]\n', 'newest dated heading'],
	])('does not with %s', (_, tag, version, text, line) => {
		expect(versionFindings(tag, version, text)).toEqual([expect.stringContaining(line)]);
	});
});

function manifestWith(changes: object): Record<string, string> {
	return { 'package.json': JSON.stringify({ ...MANIFEST, ...changes }) };
}
