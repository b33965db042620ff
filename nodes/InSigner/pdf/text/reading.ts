import type { Page } from '../readPdf';
import { DamagedPdf, UnreadablePdf } from '../unreadablePdf';
import { Decoder, filtersOf } from '../values/filters';
import { Dictionary, Stream, type Value } from '../values/objects';
import { tooMuch, Work } from '../work';
import { CharacterMap } from './cmap';
import { Drawing, type PlacedGlyph } from './drawing';
import { fontOf, type Font } from './fonts';
import { flowsOf, Run, type Flow } from './lines';
import { operationsOf, type Operation } from './operations';

/** What is read of the text of a page. */
export class PageText {
	readonly drawn: Run;
	private found: Promise<Flow[]> | undefined;

	/**
	 * @param page - its number, from 1
	 * @param glyphs - in the order in which they are drawn
	 * @param isDamaged - whether something of it could not be unpacked, so that glyphs may be missing
	 * @param pause - awaited between pieces of work with them
	 * @param work - counts what is done once
	 */
	constructor(
		readonly page: number,
		readonly glyphs: readonly PlacedGlyph[],
		readonly isDamaged: boolean,
		readonly pause: () => Promise<void>,
		private readonly work: Work,
	) {
		this.drawn = new Run(glyphs);
	}

	/** The orders in which it may be read. */
	async flows(): Promise<Flow[]> {
		return await (this.found ??= flowsOf(this.drawn, this.work));
	}
}

/** How many forms may be inside of each other. */
const MAX_NESTED = 12;

/** Of the map of a font, in bytes. */
const MAX_MAP = 4 * 1024 * 1024;

/** What reading takes, in steps. Unpacking takes more where little comes out, so there is a price for each piece. */
const PER_STREAM = 1;
const PER_PIECE = 200;
const PER_BYTE = 0.04;
const PER_TOKEN = 0.4;

type Resolve = (value: Value | undefined) => Value;

/** Reads the text of the pages of one file (ISO 32000-1, 9). */
export class TextReader {
	/** One for each content that is being read, as contents draw others in between. */
	private readonly idleDecoders: Decoder[] = [];
	private readonly fonts = new Map<Dictionary, Font>();
	private readonly maps = new Map<Stream, CharacterMap>();
	private readonly work: Work;
	private isDamaged = false;

	/**
	 * @param resolve - gives the value itself, or the one that a reference leads to
	 * @param pause - awaited between pieces of work
	 */
	constructor(
		private readonly resolve: Resolve,
		private readonly pause: () => Promise<void>,
	) {
		this.work = new Work(pause);
	}

	/**
	 * @param pages - in any order
	 * @returns the text of each, read when it is asked for
	 * @throws UnreadablePdf when it is more than anyone reads, or not whole
	 */
	async *read(pages: readonly Page[]): AsyncGenerator<PageText> {
		for (const { number, toView, attributes } of pages) {
			const content = this.resolve(attributes.Contents);
			const drawing = new Drawing(this.work, toView);
			this.isDamaged = false;
			const streams = Array.isArray(content) ? content : [content];
			await this.draw(drawing, streams, this.resolve(attributes.Resources), 0);
			yield new PageText(number, drawing.glyphs, this.isDamaged, this.pause, this.work);
			await this.pause();
		}
	}

	/** Draws contents that go on where the one before ended. */
	private async draw(
		drawing: Drawing,
		streams: Value[],
		resources: Value,
		depth: number,
	): Promise<void> {
		for (const operation of operationsOf(this.contentsOf(streams))) {
			const tokens = operation ? 1 + operation.operands.length : 0;
			if (this.work.add(PER_TOKEN * tokens)) await this.work.pause();
			if (operation?.operator === 'Do') {
				await this.drawForm(drawing, operation, resources, depth);
			} else if (operation?.operator === 'Tf') {
				const [name, size] = operation.operands;
				drawing.setFont(await this.fontNamed(name, resources), size);
			} else if (operation) {
				const shown = drawing.perform(operation);
				if (shown) await shown;
			}
		}
	}

	/** ISO 32000-1, 8.10: a content of its own, whose resources are those of the page where it has none. */
	private async drawForm(
		drawing: Drawing,
		{ operands: [name] }: Operation,
		resources: Value,
		depth: number,
	): Promise<void> {
		const form = this.resource('XObject', name, resources);
		if (!(form instanceof Stream) || depth >= MAX_NESTED) return;
		const own = this.resolve(form.dictionary.get('Resources'));
		const saved = drawing.enter(this.numbers(form.dictionary.get('Matrix')));
		await this.draw(drawing, [form], own instanceof Dictionary ? own : resources, depth + 1);
		drawing.leave(saved);
	}

	private async fontNamed(name: Value | undefined, resources: Value): Promise<Font | undefined> {
		const dictionary = this.resource('Font', name, resources);
		if (!(dictionary instanceof Dictionary)) return undefined;
		const { resolve, work } = this;
		const mapOf = async (stream: Stream) => await this.mapOf(stream);
		const font = this.fonts.get(dictionary) ?? (await fontOf(dictionary, { resolve, work, mapOf }));
		this.fonts.set(dictionary, font);
		return font;
	}

	/** ISO 32000-1, 7.8.3. */
	private resource(kind: string, name: Value | undefined, resources: Value): Value {
		const all = resources instanceof Dictionary ? this.resolve(resources.get(kind)) : null;
		const isNamed = all instanceof Dictionary && typeof name === 'string';
		return isNamed ? this.resolve(all.get(name)) : null;
	}

	private numbers(value: Value | undefined): number[] {
		const list = this.resolve(value);
		return Array.isArray(list) ? list.map((entry) => Number(this.resolve(entry))) : [];
	}

	private *contentsOf(streams: Value[]): Generator<Uint8Array> {
		for (const entry of streams) {
			// After each piece others can run, even if it is empty.
			if (this.work.add(PER_STREAM)) yield NOTHING;
			const stream = this.resolve(entry);
			if (!(stream instanceof Stream)) continue;
			yield* this.contentOf(stream);
			yield SPACE;
		}
	}

	/** Up to where it is damaged, as viewers have it. */
	private *contentOf(stream: Stream): Generator<Uint8Array> {
		if (stream.fault !== undefined) throw new UnreadablePdf(stream.fault);
		const filters = filtersOf(stream.dictionary, this.resolve);
		if (!filters) throw new UnreadablePdf('packs its contents in a way that is not supported');
		const decoder = this.idleDecoders.pop() ?? new Decoder();
		const pieces = decoder.decode(stream.content, filters);
		try {
			for (let piece = this.next(pieces, decoder); piece; piece = this.next(pieces, decoder)) {
				this.work.add(PER_PIECE + PER_BYTE * piece.length);
				yield piece;
			}
		} finally {
			this.idleDecoders.push(decoder);
		}
	}

	/** The next piece; what there is up to where a stream is damaged, as viewers have it. */
	private next(pieces: Generator<Uint8Array>, decoder: Decoder): Uint8Array | undefined {
		let fault: unknown;
		try {
			const next = pieces.next();
			return next.done ? undefined : next.value;
		} catch (error) {
			fault = error;
		}
		if (!(fault instanceof DamagedPdf)) throw fault;
		// A generator that failed is at its end.
		this.isDamaged = true;
		return decoder.leftover();
	}

	private async mapOf(stream: Stream): Promise<CharacterMap> {
		const known = this.maps.get(stream);
		if (known) return known;
		const parts: string[] = [];
		let size = 0;
		for (const piece of this.contentOf(stream)) {
			size += piece.length;
			if (size > MAX_MAP) throw tooMuch();
			parts.push(Buffer.from(piece).toString('latin1'));
			if (this.work.add(0)) await this.work.pause();
		}
		const map = await CharacterMap.read(parts.join(''), this.work);
		this.maps.set(stream, map);
		return map;
	}
}

const SPACE = Buffer.from('\n');
const NOTHING = Buffer.alloc(0);
