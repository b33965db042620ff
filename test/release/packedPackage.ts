/** What must be true of the package as npm would publish it. */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, normalize, sep } from 'node:path';

/** What a user's n8n brings. Everything else would be missing there. */
const BROUGHT_BY_N8N = ['crypto', 'luxon', 'n8n-workflow'];

const EXPECTED = [
	/^(package\.json|README\.md|LICENSE\.md|CHANGELOG\.md)$/,
	/^dist\/icons\/[\w.]+\.svg$/,
	/^dist\/nodes\/InSigner\/\w+\.node\.json$/,
	/^dist\/nodes\/InSigner\/__schema__\/[\w./-]+\.json$/,
];
const COMPILED = /^dist\/((?:nodes|credentials)\/.+)\.js$/;

/** What npm runs at the user's. */
const LIFECYCLE = /^(pre|post)?(install|pack|prepare|publish|publishOnly|shrinkwrap)$|^prepublish/;

/** On average; minified code has one line of thousands of characters. */
const LONGEST_LINES = 120;

interface Manifest {
	version: string;
	license?: string;
	keywords?: string[];
	scripts?: Record<string, string>;
	peerDependencies?: object;
	n8n: { n8nNodesApiVersion?: number; nodes: string[]; credentials: string[] };
}

/**
 * Looks for whatever does not belong into the published package, or is missing from it.
 *
 * @param folder - the unpacked tarball
 * @param sources - the project: every compiled file must come from a source that is there
 * @returns one line for each finding, none when all is well
 */
export async function findings(folder: string, sources: string): Promise<string[]> {
	const entries = await readdir(folder, { recursive: true, withFileTypes: true });
	const files = entries
		.filter((entry) => !entry.isDirectory())
		.map(({ parentPath, name }) =>
			join(parentPath, name)
				.slice(folder.length + 1)
				.split(sep)
				.join('/'),
		);
	const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest;
	const compiled = files.filter((file) => COMPILED.test(file));
	const inCode = await Promise.all(
		compiled.map(async (file) => ofCode(file, await readFile(join(folder, file), 'utf8'), files)),
	);
	return [...ofFiles(files, sources), ...ofManifest(manifest, files), ...inCode.flat()];
}

/**
 * Compares what a release is called in its three places.
 *
 * @param tag - of git, e.g. `v1.2.3`
 * @param version - from package.json
 * @param changelog - the text of CHANGELOG.md
 * @returns one line for each finding, none when they agree
 */
export function versionFindings(tag: string, version: string, changelog: string): string[] {
	const headings = [...changelog.matchAll(/^## \[([^\]]+)\] - \d{4}-\d{2}-\d{2}$/gm)];
	return [
		...(tag === `v${version}` ? [] : [`The tag is ${tag}, package.json says ${version}`]),
		...(headings[0]?.[1] === version
			? []
			: [`The newest dated heading of CHANGELOG.md is not "## [${version}] - YYYY-MM-DD"`]),
	];
}

function ofFiles(files: string[], sources: string): string[] {
	return files.flatMap((file) => {
		const source = COMPILED.exec(file)?.[1];
		if (source) return existsSync(join(sources, `${source}.ts`)) ? [] : [`${file} has no source`];
		return EXPECTED.some((pattern) => pattern.test(file)) ? [] : [`${file} is not needed`];
	});
}

function ofManifest(manifest: Manifest, files: string[]): string[] {
	const { nodes, credentials } = manifest.n8n;
	const codex = nodes.map((node) => node.replace(/\.js$/, '.json'));
	const icons = ['dist/icons/insigner.svg', 'dist/icons/insigner.dark.svg'];
	const texts = ['README.md', 'LICENSE.md', 'CHANGELOG.md'];
	const needed = [...nodes, ...credentials, ...codex, ...icons, ...texts];
	const brings = Object.keys(manifest).filter((key) =>
		/^(optionalD|bundledD|bundleD|d)ependencies$/.test(key),
	);
	const lifecycle = Object.keys(manifest.scripts ?? {}).filter((name) => LIFECYCLE.test(name));
	const peers = JSON.stringify(manifest.peerDependencies);
	return [
		...needed.filter((file) => !files.includes(file)).map((file) => `${file} is missing`),
		...brings.map((key) => `package.json has ${key}`),
		...lifecycle.map((name) => `package.json has the lifecycle script "${name}"`),
		...(peers === '{"n8n-workflow":"*"}' ? [] : [`peerDependencies are ${peers}`]),
		...(manifest.license === 'MIT' ? [] : ['The licence is not MIT']),
		...(manifest.n8n.n8nNodesApiVersion === 1 ? [] : ['n8nNodesApiVersion is not 1']),
		...(manifest.keywords?.includes('n8n-community-node-package')
			? []
			: ['The keyword n8n-community-node-package is missing']),
	];
}

function ofCode(file: string, code: string, files: string[]): string[] {
	const found = [...code.matchAll(/\b(?:require|import)\s*\(([^)]*)\)/g)].flatMap(
		([call, given = '']) => {
			const name = /^["']([^"']+)["']$/.exec(given.trim())?.[1];
			if (name === undefined) return [`${file}: ${call} names no module`];
			if (!name.startsWith('.')) {
				return BROUGHT_BY_N8N.includes(name)
					? []
					: [`${file} requires ${name}, which n8n does not bring`];
			}
			const target = normalize(join(dirname(file), name))
				.split(sep)
				.join('/');
			const there = [`${target}.js`, target, `${target}/index.js`].some((one) =>
				files.includes(one),
			);
			return there ? [] : [`${file} requires ${name}, which is not in the package`];
		},
	);
	if (code.includes('sourceMappingURL')) found.push(`${file} names a source map`);
	if (code.length / code.split('\n').length > LONGEST_LINES) found.push(`${file} is minified`);
	return found;
}
