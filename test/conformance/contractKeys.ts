import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

import type { EndpointName } from '../../nodes/InSigner/api/endpoint';
import { endpoints } from '../../nodes/InSigner/api/endpoints';
import { isItem, type Item } from './exchange';

const FILE = join(__dirname, '../../insigner.openapi.yaml');

/** Reading it takes a while. */
let shared: Item | undefined;

/** Reads insigner.openapi.yaml, once per process. */
function readContract(): Item {
	const parsed: unknown = shared ?? parse(readFileSync(FILE, 'utf8'));
	shared = asItem(parsed);
	return shared;
}

/** What the contract says about keys. Its schemas are open, so a validator never reports an unknown key. */
export class ContractKeys {
	private readonly document = readContract();

	/**
	 * The keys that every object of a schema has.
	 *
	 * @param schema - its name, for example Document
	 */
	requiredOf(schema: string): string[] {
		const { required } = this.resolved(this.at('components', 'schemas', schema));
		return Array.isArray(required) ? required.map(String) : [];
	}

	/**
	 * The keys of an answer that are not in the contract.
	 *
	 * @param endpoint - what was asked
	 * @param status - status of the answer
	 * @param body - body of the answer
	 * @returns paths such as `data[].isArchived`, each once
	 */
	unknownIn(endpoint: EndpointName, status: number, body: unknown): string[] {
		const { method, path } = endpoints[endpoint];
		const operation = this.at('paths', path, method.toLowerCase());
		const response = this.resolved(asItem(asItem(operation.responses)[String(status)]));
		const content = asItem(response.content);
		const schema = asItem(
			asItem(content['application/json'] ?? content['application/problem+json']).schema,
		);
		if (Object.keys(schema).length === 0) return [];
		const found = new Set<string>();
		this.collect(body, [schema], '', found);
		return [...found];
	}

	/** Goes through a value with all schemas that may describe it. */
	private collect(value: unknown, schemas: Item[], path: string, found: Set<string>): void {
		const all = schemas.flatMap((schema) => this.alternatives(schema));
		if (Array.isArray(value)) {
			const items = all.flatMap(({ items: inner }) => (isItem(inner) ? [inner] : []));
			if (items.length === 0) return;
			for (const one of value) this.collect(one, items, `${path}[]`, found);
			return;
		}
		if (!isItem(value) || all.some(({ additionalProperties }) => additionalProperties === true)) {
			return;
		}
		const known = all.flatMap(({ properties }) => (isItem(properties) ? [properties] : []));
		if (known.length === 0) return;
		for (const [key, inner] of Object.entries(value)) {
			const at = path ? `${path}.${key}` : key;
			const described = known.flatMap((properties) =>
				isItem(properties[key]) ? [properties[key]] : [],
			);
			if (described.length === 0) found.add(at);
			else this.collect(inner, described, at, found);
		}
	}

	/** A schema and everything it is composed of. */
	private alternatives(schema: Item): Item[] {
		const resolved = this.resolved(schema);
		const parts = [resolved.allOf, resolved.anyOf, resolved.oneOf].flatMap((list) =>
			Array.isArray(list) ? list.filter(isItem) : [],
		);
		return [resolved, ...parts.flatMap((part) => this.alternatives(part))];
	}

	private resolved(item: Item): Item {
		const { $ref } = item;
		return typeof $ref === 'string' ? this.resolved(this.at(...$ref.split('/').slice(1))) : item;
	}

	private at(...path: string[]): Item {
		return path.reduce<Item>((item, key) => asItem(item[key]), this.document);
	}
}

function asItem(value: unknown): Item {
	return isItem(value) ? value : {};
}
