/**
 * Whether something is an object with keys.
 *
 * @param value - anything
 */
export function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Reads a value as a text.
 *
 * @param value - anything
 * @returns the text; undefined if it is empty or not a text
 */
export function asText(value: unknown): string | undefined {
	return typeof value === 'string' && value !== '' ? value : undefined;
}

/**
 * Reads a JSON text.
 *
 * @param json - any text
 * @returns its value; undefined if it is not JSON
 */
export function parsed(json: string): unknown {
	try {
		return JSON.parse(json);
	} catch {
		return undefined;
	}
}

/**
 * Reads a JSON object.
 *
 * @param json - any text
 * @returns the object; undefined for anything else
 */
export function parsedObject(json: string): Record<string, unknown> | undefined {
	const value = parsed(json);
	return isObject(value) ? value : undefined;
}
