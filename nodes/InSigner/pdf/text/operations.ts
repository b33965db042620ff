import { damaged } from '../unreadablePdf';
import { ValueReader, type Value } from '../values/objects';

/** An operator with its operands (ISO 32000-1, 7.8.2). */
export interface Operation {
	operator: string;
	operands: readonly Value[];
}

/** No operator has more; so many of them are an operation that does nothing. */
const MAX_OPERANDS = 33;

/** How long an operation may be to be read, in bytes; a string has at most 32,767 (ISO 32000-1, annex C.2). */
const MAX_OPERATION = 256 * 1024;

/** ISO 32000-1, 8.9.7: the data of an image in the content ends at this word; text follows it, not more data. */
const END_OF_IMAGE = /[\0\t\n\f\r ]EI(?=[\0\t\n\f\r ](?:[\t\n\r -~]{10}|[\t\n\r -~]*$)|$)/g;
const LONGEST_END = 16;

/**
 * Reads the operations of a content piece by piece.
 *
 * @param pieces - the content, in pieces of any size
 * @returns the operations, without the data of images in the content; undefined after each piece, so that others can run
 * @throws UnreadablePdf when an operation has no end
 */
export function* operationsOf(pieces: Iterable<Uint8Array>): Generator<Operation | undefined> {
	let text = '';
	let inImage = false;
	let enough = 0;
	function* read(isLast: boolean): Generator<Operation> {
		let done = 0;
		for (const reader = new ValueReader(text, 0); ; done = reader.at) {
			if (inImage) {
				END_OF_IMAGE.lastIndex = reader.at;
				const found = END_OF_IMAGE.exec(text);
				done = found ? END_OF_IMAGE.lastIndex : Math.max(reader.at, text.length - LONGEST_END);
				if (!found || (!isLast && text.length - done < LONGEST_END)) {
					done = found ? found.index : done;
					break;
				}
				reader.at = done;
				inImage = false;
			}
			const operation = nextOperation(reader, text);
			const isWhole = operation && (isLast || reader.at < text.length);
			if (!isWhole) break;
			inImage = operation.operator === 'ID';
			yield operation;
		}
		text = text.slice(done).trimStart();
		if (text.length > MAX_OPERATION) throw damaged('a part of its contents has no end');
		// What is not whole is read again when there is twice as much of it, or reading would never end.
		enough = 2 * text.length;
	}
	for (const piece of pieces) {
		text += Buffer.from(piece).toString('latin1');
		if (text.length >= enough) yield* read(false);
		yield undefined;
	}
	yield* read(true);
}

/** The next operation; undefined where the text ends before it. */
function nextOperation(reader: ValueReader, text: string): Operation | undefined {
	const operands: Value[] = [];
	for (;;) {
		reader.skipSpace();
		if (reader.at >= text.length) return undefined;
		const value = reader.read();
		if (value !== undefined) {
			operands.push(value);
			if (operands.length > MAX_OPERANDS) return { operator: '', operands };
			continue;
		}
		const operator = reader.word();
		if (operator !== '') return { operator, operands };
		// What stands there alone is no part of anything.
		reader.at++;
	}
}
