import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** As much of JSON Schema as n8n's previews use; n8n has no more than one type per key. */
export interface JsonSchema {
	type: string;
	properties?: Record<string, JsonSchema>;
	items?: JsonSchema;
}

interface ContractSchema {
	$ref?: string;
	type?: string | string[];
	anyOf?: ContractSchema[];
	allOf?: ContractSchema[];
	properties?: Record<string, ContractSchema>;
}

const { schemas } = (
	parse(readFileSync(join(__dirname, '../../insigner.openapi.yaml'), 'utf8')) as {
		components: { schemas: Record<string, ContractSchema> };
	}
).components;

/**
 * Describes values that were seen.
 *
 * @param values - what one place held, in several objects
 * @param name - the key it stood at; where only null was seen, the contract says what else it may be
 * @returns one schema for all of them, with the keys in the order in which they were first seen
 * @throws Error when the values are of several types, or nothing tells their type
 */
export function schemaOf(values: readonly unknown[], name: string): JsonSchema {
	const seen = values.filter((value) => value !== null && value !== undefined);
	if (seen.length === 0) return { type: contractType(name) };
	const types = [...new Set(seen.map(typeOf))];
	const [type] = types;
	if (!type || types.length > 1) throw new Error(`"${name}" is of several types: ${types.join()}`);
	if (type === 'array') {
		const entries = (seen as unknown[][]).flat();
		if (entries.length === 0) throw new Error(`"${name}" has no entry to tell what it holds`);
		return { type, items: schemaOf(entries, name) };
	}
	if (type !== 'object') return { type };
	const keys = [...new Set((seen as object[]).flatMap((value) => Object.keys(value)))];
	const held = (key: string) => seen.map((value): unknown => Reflect.get(value as object, key));
	return {
		type,
		properties: Object.fromEntries(keys.map((key) => [key, schemaOf(held(key), key)])),
	};
}

function typeOf(value: unknown): string {
	return Array.isArray(value) ? 'array' : typeof value;
}

/** The type of a key in the contract, the same wherever it stands. */
function contractType(name: string): string {
	const types = Object.values(schemas)
		.flatMap(({ properties, allOf = [] }) => [properties, ...allOf.map((part) => part.properties)])
		.flatMap((properties) => properties?.[name] ?? [])
		.map(typeInContract);
	const [type, ...others] = new Set(types);
	if (!type || others.length > 0) throw new Error(`Nothing tells the type of "${name}"`);
	return type;
}

function typeInContract({ $ref, type, anyOf }: ContractSchema): string {
	const referred = $ref && schemas[$ref.replace('#/components/schemas/', '')];
	if (referred) return typeInContract(referred);
	if (anyOf?.[0]) return typeInContract(anyOf[0]);
	const found = [type ?? []].flat().find((candidate) => candidate !== 'null') ?? '';
	return found === 'integer' ? 'number' : found;
}
