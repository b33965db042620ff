/**
 * Makes an ID safe as one path segment. n8n-workflow has a function for this, but n8n 2.0 to 2.36, in which these
 * nodes run too, lack it.
 *
 * @param id - as it came from a parameter or an answer
 * @returns the segment, percent-encoded
 * @throws Error for what cannot be a segment; `.` and `..` survive encoding and would change the path
 */
export function pathSegment(id: unknown): string {
	const value = typeof id === 'string' || typeof id === 'number' ? String(id) : '';
	if (['', '.', '..'].includes(value)) throw new Error(`"${value}" is not an ID`);
	return encodeURIComponent(value);
}
