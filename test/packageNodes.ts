/** The nodes and credentials that package.json names to n8n, so that what is said of all of them forgets none. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import type { ICredentialType, INodeType } from 'n8n-workflow';

const root = join(__dirname, '..');
const load = createRequire(__filename);

interface Manifest {
	name: string;
	n8n: { nodes: string[]; credentials: string[] };
}

const { name: packageName, n8n } = JSON.parse(
	readFileSync(join(root, 'package.json'), 'utf8'),
) as Manifest;

/**
 * @returns one of each node, in the order of package.json, loaded from its source; the class has the name of its file,
 * as n8n demands
 */
export const packageNodes = (): INodeType[] => n8n.nodes.map((file) => made<INodeType>(file));

/** @returns one of each credential type, likewise */
export const packageCredentials = (): ICredentialType[] =>
	n8n.credentials.map((file) => made<ICredentialType>(file));

/**
 * @param prefix - what n8n puts before the names: `CUSTOM` for a folder of one's own, otherwise the name of the package
 * @returns the types by which workflows name the nodes, e.g. `n8n-nodes-insigner.inSigner`
 */
export const nodeTypeNames = (prefix = packageName): string[] =>
	packageNodes().map(({ description }) => `${prefix}.${description.name}`);

function made<T>(file: string): T {
	const source = file.replace(/^dist\//, '').replace(/\.js$/, '');
	const classes = load(join(root, `${source}.ts`)) as Record<string, new () => T>;
	const className = basename(source).split('.')[0] ?? '';
	const Class = classes[className];
	if (!Class) throw new Error(`${source}.ts exports no class ${className}`);
	return new Class();
}
