/** What a saved workflow relies on in a node: names, types, defaults and values, without the texts people read. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
	INodeProperties,
	INodePropertyCollection,
	INodePropertyMode,
	INodePropertyOptions,
	INodeTypeDescription,
} from 'n8n-workflow';

import { packageCredentials, packageNodes } from '../../packageNodes';

/** One line for each thing that a saved workflow can name: where it is -> what it is. */
export type Outline = Record<string, string>;

type Child = INodeProperties | INodePropertyCollection | INodePropertyOptions;

/** The outline of everything that the package gives to n8n, by the name of its file. */
export function outlines(): Record<string, Outline> {
	return Object.fromEntries([
		...packageNodes().map(({ description }) => [description.name, ofNode(description)] as const),
		...packageCredentials().map(
			({ name, properties }) => [name, ofProperties(properties)] as const,
		),
	]);
}

/**
 * Where the outline that was agreed on is kept.
 *
 * @param name - one of the names in {@link outlines}
 */
export const fileOf = (name: string): string => join(__dirname, `${name}.json`);

/** The outline that was agreed on; an empty one of a node that is new. */
export const kept = (name: string): Outline =>
	existsSync(fileOf(name)) ? (JSON.parse(readFileSync(fileOf(name), 'utf8')) as Outline) : {};

/**
 * Says what became different, and what that does to workflows that people have saved.
 *
 * @param before - the outline that was agreed on
 * @param now - the outline of the code
 * @returns a text for the person who changed it; empty when nothing did
 */
export function differences(before: Outline, now: Outline): string {
	const removed = Object.keys(before).filter((key) => !(key in now));
	const added = Object.keys(now).filter((key) => !(key in before));
	const changed = Object.keys(now).filter((key) => key in before && now[key] !== before[key]);
	const part = (title: string, lines: string[]) => (lines.length > 0 ? [title, ...lines] : []);
	const text = [
		...part(
			'REMOVED OR RENAMED. Saved workflows lose what was entered or chosen there, silently; a new condition hides it. Keep the old name, or make a new version of the node that still understands the old one.',
			removed.map((key) => `  - ${key}: ${before[key]}`),
		),
		...part(
			'CHANGED. n8n does not save values that equal the default, so a new default changes what saved workflows do; a new type makes what they saved invalid. Make a new version of the node instead.',
			changed.map((key) => `  ~ ${key}\n      was ${before[key]}\n      is  ${now[key]}`),
		),
		...part(
			'ADDED. Saved workflows get the default of a new parameter: it must do what was done before. A new choice changes nothing for them.',
			added.map((key) => `  + ${key}: ${now[key]}`),
		),
	];
	if (text.length === 0) return '';
	return [
		...text,
		'If this is meant, run npm run descriptions, look at the difference and commit it.',
	].join('\n');
}

function ofNode({ properties, webhooks, ...node }: INodeTypeDescription): Outline {
	const { name, version, inputs, outputs, credentials, usableAsTool } = node;
	const json = (value: unknown) => JSON.stringify(value);
	return {
		'(node)': `${name}, version ${json(version)}`,
		'(connections)': `${json(inputs)} -> ${json(outputs)}`,
		'(credentials)': json(credentials),
		'(webhooks)': json(webhooks ?? []),
		'(usable as tool)': json(usableAsTool ?? false),
		...ofProperties(properties),
	};
}

function ofProperties(properties: INodeProperties[], inside = ''): Outline {
	const outline: Outline = {};
	for (const property of properties) {
		const key = `${inside}${property.name}${condition(property)}`;
		if (key in outline) throw new Error(`Two parameters are both ${key}`);
		outline[key] = ofProperty(property);
		Object.assign(outline, ofChildren(property.options ?? [], `${key} > `));
	}
	return outline;
}

function ofChildren(options: Child[], inside: string): Outline {
	const outlines = options.map((option) => {
		if ('values' in option) return ofProperties(option.values, `${inside}${option.name} > `);
		if ('type' in option) return ofProperties([option], inside);
		return { [`${inside}${option.value}`]: 'choice' };
	});
	return Object.assign({}, ...outlines) as Outline;
}

function ofProperty({ type, default: initial, required, typeOptions, modes }: INodeProperties) {
	const parts = [
		`${type}${typeOptions?.multipleValues ? '[]' : ''} = ${JSON.stringify(initial)}`,
		...(required ? ['required'] : []),
		...(modes ? [`by ${modes.map(({ name }: INodePropertyMode) => name).join(', ')}`] : []),
	];
	return parts.join('; ');
}

/** ` [resource=document & operation=get]`; empty when it is always shown. */
function condition({ displayOptions }: INodeProperties): string {
	const terms = Object.entries(displayOptions ?? {}).flatMap(([way, conditions]) =>
		Object.entries(conditions as Record<string, unknown[]>).map(
			([name, values]) =>
				`${name.replace(/^\//, '')}${way === 'show' ? '=' : '!='}${values.map((value) => (typeof value === 'object' ? JSON.stringify(value) : String(value))).join('|')}`,
		),
	);
	return terms.length > 0 ? ` [${terms.join(' & ')}]` : '';
}
