import type { Problem } from './checks';

/**
 * Reads a JSON parameter that holds a list of objects. An expression may give the list itself instead of its text.
 *
 * @param parameter - display name
 * @param entered - what n8n gave: text, a list, or a single object
 * @returns the objects, or what is wrong
 */
export function readObjects(parameter: string, entered: unknown): object[] | Problem {
	const value = typeof entered === 'string' ? parsed(entered) : entered;
	const list: unknown[] = Array.isArray(value) ? value : [value];
	const objects = list.filter(isObject);
	if (objects.length === list.length) return objects;
	return { parameter, message: 'must be a JSON list of objects' };
}

/** Whether something is an object with keys. */
export function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Reads a JSON text.
 *
 * @param json - any text
 * @returns its value; undefined when it is not JSON
 */
export function parsed(json: string): unknown {
	try {
		return JSON.parse(json);
	} catch {
		return undefined;
	}
}
