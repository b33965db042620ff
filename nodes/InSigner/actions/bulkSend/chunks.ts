import { createHash } from 'crypto';

import { LIMITS } from '../../parameters/checks';
import type { Row } from './recipients';

/** One bulk send to create. */
export interface Chunk {
	/** Position among the bulk sends, from 1. */
	number: number;
	of: number;
	name: string;
	rows: Row[];
}

/**
 * Splits recipients into bulk sends of up to 500. If there is more than one, they are named "<name> (1/3)" and so on,
 * so that they can be told apart, in inSigner and when an answer got lost.
 *
 * @param name - as entered
 * @param rows - all recipients
 * @returns the bulk sends, in order
 */
export function toChunks(name: string, rows: Row[]): Chunk[] {
	const size = LIMITS.recipientsPerBulkSend;
	const of = Math.ceil(rows.length / size);
	return Array.from({ length: of }, (_, index) => ({
		number: index + 1,
		of,
		name: of === 1 ? name : `${name} (${index + 1}/${of})`,
		rows: rows.slice(index * size, (index + 1) * size),
	}));
}

/**
 * Names the work of sending a chunk, so that the next try of a run recognizes it. The name of the bulk send isn't part
 * of it: an expression such as `{{ $now }}` gives a different one in every try.
 *
 * @param templateId - what is sent
 * @param chunk - to whom
 */
export function workName(templateId: string, { rows }: Chunk): string {
	const content = JSON.stringify([templateId, rows.map(({ recipient }) => recipient)]);
	return createHash('sha256').update(content).digest('base64');
}
