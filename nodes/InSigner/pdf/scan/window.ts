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
		const parts = [this.text.slice(this.at)];
		for (let { ahead } = this; ahead < bytes && !this.ended; ) {
			const next: IteratorResult<Uint8Array, unknown> = await this.chunks.next();
			if (next.done) {
				this.ended = true;
			} else {
				const { buffer, byteOffset, length } = next.value;
				parts.push(Buffer.from(buffer, byteOffset, length).toString('latin1'));
				ahead += length;
			}
		}
		this.before += this.at;
		this.text = parts.join('');
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
		let found = false;
		let tail = '';
		for (let left = bytes; left > 0; ) {
			await this.fill(1);
			if (this.ahead === 0) break;
			const passed = this.take(Math.min(left, this.ahead));
			left -= passed.length;
			if (word === undefined) continue;
			found ||= (tail + passed).includes(word);
			tail = (tail + passed).slice(1 - word.length);
		}
		return found;
	}

	/** Closes the file, also where it was not read to its end. */
	async close(): Promise<void> {
		await this.chunks.return?.();
	}
}
