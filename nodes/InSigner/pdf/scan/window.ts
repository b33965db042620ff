/** How much is looked at in one go, in bytes. */
const PIECE_SIZE = 32 * 1024;

/**
 * Hands out pieces of a size that is looked at in no time.
 *
 * @param chunks - bytes in pieces of any size
 * @param pause - awaited between them, so that others can run
 */
export async function* inPieces(
	chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
	pause: () => Promise<void>,
): AsyncGenerator<Uint8Array> {
	for await (const chunk of chunks) {
		let at = 0;
		do {
			yield chunk.subarray(at, at + PIECE_SIZE);
			await pause();
			at += PIECE_SIZE;
		} while (at < chunk.length);
	}
}

/**
 * The part of a file that is being looked at, as text in which every character stands for one byte (Latin-1).
 * What is behind `at` is forgotten when more is read.
 */
export class ByteWindow {
	text = '';
	at = 0;
	/** Whether the text goes to the end of the file. */
	ended = false;
	/** How many bytes of the file are before the text. */
	private before = 0;

	constructor(private readonly chunks: AsyncIterator<Uint8Array>) {}

	/** Where `at` is in the file, in bytes. */
	get position(): number {
		return this.before + this.at;
	}

	/** How many bytes can be looked at from `at` on. */
	get ahead(): number {
		return this.text.length - this.at;
	}

	/** Reads until this many bytes are ahead, or the file ends. */
	async fill(bytes: number): Promise<void> {
		if (this.ended || this.ahead >= bytes) return;
		const parts = this.ahead > 0 ? [this.text.slice(this.at)] : [];
		for (let { ahead } = this; ahead < bytes; ) {
			const chunk = await this.next();
			if (!chunk) break;
			parts.push(chunk.toString('latin1'));
			ahead += chunk.length;
		}
		this.before += this.at;
		this.text = parts.length === 1 ? (parts[0] ?? '') : parts.join('');
		this.at = 0;
	}

	/** Moves over bytes that are in the window. */
	take(bytes: number): string {
		const taken = this.text.slice(this.at, this.at + bytes);
		this.at += taken.length;
		return taken;
	}

	/**
	 * Moves over bytes without holding them.
	 *
	 * @param bytes - how many
	 * @param word - what to look for in them
	 * @returns whether the word was found
	 */
	async skip(bytes: number, word?: string): Promise<boolean> {
		const search = new WordSearch(word);
		const inWindow = this.take(Math.min(bytes, this.ahead));
		search.pass(Buffer.from(inWindow, 'latin1'));
		for (let left = bytes - inWindow.length; left > 0; ) {
			const chunk = await this.next();
			if (!chunk) break;
			const passed = chunk.subarray(0, left);
			search.pass(passed);
			left -= passed.length;
			this.before += this.text.length + passed.length;
			this.text = chunk.toString('latin1', passed.length);
			this.at = 0;
		}
		return search.found;
	}

	private async next(): Promise<Buffer | undefined> {
		const next: IteratorResult<Uint8Array, unknown> = await this.chunks.next();
		if (next.done) {
			this.ended = true;
			return undefined;
		}
		const { buffer, byteOffset, length } = next.value;
		return Buffer.from(buffer, byteOffset, length);
	}

	/** Closes the file, also where it was not read to its end. */
	async close(): Promise<void> {
		await this.chunks.return?.();
	}
}

/** Looks for a word in bytes that pass by, also where it is cut by the end of a piece. */
class WordSearch {
	found = false;
	/** The last of what passed, one byte less than the word. */
	private tail = '';

	constructor(private readonly word: string | undefined) {}

	pass(bytes: Buffer): void {
		if (this.word === undefined || this.found) return;
		const reach = this.word.length - 1;
		const seam = this.tail + bytes.toString('latin1', 0, reach);
		this.found = seam.includes(this.word) || bytes.includes(this.word, 0, 'latin1');
		const end = bytes.toString('latin1', Math.max(0, bytes.length - reach));
		this.tail = (this.tail + end).slice(-reach);
	}
}
