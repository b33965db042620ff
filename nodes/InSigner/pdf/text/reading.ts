import { combined, IDENTITY, moved, type Matrix } from '../pages/geometry';
import type { Page } from '../readPdf';
import { UnreadablePdf } from '../unreadablePdf';
import { Decoder, filtersOf } from '../values/filters';
import { Dictionary, PdfString, Reference, Stream, type Value } from '../values/objects';
import { fontOf, type Font } from './fonts';
import { operationsOf, type Operation } from './operations';

/** What is read of the text of a page: its glyphs in the order in which they are drawn. */
export interface PageText {
	/** From 1. */
	page: number;
	glyphs: PlacedGlyph[];
}

/** A glyph on a page as a viewer shows it; in points from the top left corner. */
export interface PlacedGlyph {
	readonly text: string;
	/** Where it begins on the base line. */
	readonly x: number;
	readonly y: number;
	/** Where the base line goes: one point along it. */
	readonly alongX: number;
	readonly alongY: number;
	/** How far it reaches along the base line. */
	readonly width: number;
	/** Of the font, across the base line. */
	readonly size: number;
}

/**
 * What a document may make us do. A million operators and operands take about a second. One real file of 29 kB draws its forms in
 * each other until it takes 39.
 */
const MAX_UNPACKED = 48 * 1024 * 1024;
const MAX_TOKENS = 3_000_000;
const MAX_GLYPHS = 3_000_000;
const MAX_GLYPHS_OF_PAGE = 50_000;
const MAX_FORMS = 20_000;
const MAX_NESTED = 12;
const MAX_SAVED_STATES = 200;

/** Of the map of a font, in bytes. */
const MAX_MAP = 4 * 1024 * 1024;

type Resolve = (value: Value | undefined) => Value;

/** ISO 32000-1, 9.3 and 8.4.1: what q saves and Q brings back. */
interface State {
	matrix: Matrix;
	font: Font | undefined;
	size: number;
	characterSpacing: number;
	wordSpacing: number;
	scaling: number;
	leading: number;
	rise: number;
}

const INITIAL: Readonly<State> = {
	...{ matrix: IDENTITY, font: undefined, size: 0, characterSpacing: 0, wordSpacing: 0 },
	...{ scaling: 1, leading: 0, rise: 0 },
};

/** Reads the text of the pages of one file (ISO 32000-1, 9). */
export class TextReader {
	/** One for each content that is being read, as contents draw others in between. */
	private readonly idleDecoders: Decoder[] = [];
	private readonly fonts = new Map<number, Font>();
	private unpacked = 0;
	private tokens = 0;
	private glyphs = 0;
	private forms = 0;

	/**
	 * @param resolve - gives the value itself, or the one that a reference leads to
	 * @param pause - awaited between pieces of work and after each page
	 */
	constructor(
		private readonly resolve: Resolve,
		private readonly pause: () => Promise<void>,
	) {}

	/**
	 * @param pages - in any order
	 * @returns the text of each, read when it is asked for
	 * @throws UnreadablePdf when it is more than anyone reads, or not whole
	 */
	async *read(pages: readonly Page[]): AsyncGenerator<PageText> {
		for (const { number, toView, attributes } of pages) {
			const content = this.resolve(attributes.Contents);
			const streams = Array.isArray(content) ? content.map(this.resolve) : [content];
			const drawing = new Drawing(this, { ...INITIAL, matrix: toView });
			await this.draw(drawing, streams, this.resolve(attributes.Resources), 0);
			yield { page: number, glyphs: drawing.glyphs };
			await this.pause();
		}
	}

	/** Draws contents that go on where the one before ended. */
	async draw(drawing: Drawing, streams: Value[], resources: Value, depth: number): Promise<void> {
		for (const operation of operationsOf(this.contentsOf(streams))) {
			if (!operation) {
				await this.pause();
				continue;
			}
			this.tokens += 1 + operation.operands.length;
			if (this.tokens > MAX_TOKENS) throw tooMuch();
			if (operation.operator === 'Do') {
				await this.drawForm(drawing, operation, resources, depth);
			} else if (operation.operator === 'Tf') {
				const [name, size] = operation.operands;
				drawing.setFont(this.fontNamed(name, resources), size);
			} else {
				drawing.perform(operation);
			}
		}
	}

	countGlyph(onPage: number): void {
		if (++this.glyphs > MAX_GLYPHS || onPage > MAX_GLYPHS_OF_PAGE) throw tooMuch();
	}

	/** ISO 32000-1, 8.10: a content of its own, whose resources are those of the page where it has none. */
	private async drawForm(
		drawing: Drawing,
		{ operands: [name] }: Operation,
		resources: Value,
		depth: number,
	): Promise<void> {
		const form = this.resolve(this.resource('XObject', name, resources));
		if (!(form instanceof Stream) || depth >= MAX_NESTED) return;
		if (++this.forms > MAX_FORMS) throw tooMuch();
		const own = this.resolve(form.dictionary.get('Resources'));
		const saved = drawing.enter(this.numbers(form.dictionary.get('Matrix')));
		await this.draw(drawing, [form], own instanceof Dictionary ? own : resources, depth + 1);
		drawing.leave(saved);
	}

	private fontNamed(name: Value | undefined, resources: Value): Font | undefined {
		const entry = this.resource('Font', name, resources);
		const known = entry instanceof Reference ? this.fonts.get(entry.number) : undefined;
		if (known) return known;
		const dictionary = this.resolve(entry);
		if (!(dictionary instanceof Dictionary)) return undefined;
		const font = fontOf(dictionary, {
			resolve: this.resolve,
			contentOf: (stream) => this.mapOf(stream),
		});
		if (entry instanceof Reference) this.fonts.set(entry.number, font);
		return font;
	}

	/** ISO 32000-1, 7.8.3. */
	private resource(kind: string, name: Value | undefined, resources: Value): Value | undefined {
		const all = resources instanceof Dictionary ? this.resolve(resources.get(kind)) : null;
		return all instanceof Dictionary && typeof name === 'string' ? all.get(name) : undefined;
	}

	private numbers(value: Value | undefined): number[] {
		const list = this.resolve(value);
		return Array.isArray(list) ? list.map((entry) => Number(this.resolve(entry))) : [];
	}

	private *contentsOf(streams: Value[]): Generator<Uint8Array> {
		for (const stream of streams) {
			if (!(stream instanceof Stream)) continue;
			yield* this.contentOf(stream);
			yield SPACE;
		}
	}

	/** Up to where it is damaged, as viewers have it. */
	private *contentOf(stream: Stream): Generator<Uint8Array> {
		if (stream.cut) throw new UnreadablePdf('has contents whose length is wrong');
		const filters = filtersOf(stream.dictionary, this.resolve);
		if (!filters) throw new UnreadablePdf('packs its contents in a way that is not supported');
		const decoder = this.idleDecoders.pop() ?? new Decoder();
		const pieces = decoder.decode(stream.content, filters);
		try {
			for (let piece = nextOf(pieces, decoder); piece; piece = nextOf(pieces, decoder)) {
				this.unpacked += piece.length;
				if (this.unpacked > MAX_UNPACKED) throw tooMuch();
				yield piece;
			}
		} finally {
			this.idleDecoders.push(decoder);
		}
	}

	private mapOf(stream: Stream): string {
		const parts: string[] = [];
		let size = 0;
		for (const piece of this.contentOf(stream)) {
			size += piece.length;
			if (size > MAX_MAP) break;
			parts.push(Buffer.from(piece).toString('latin1'));
		}
		return parts.join('');
	}
}

const SPACE = Buffer.from('\n');

/** The next piece; what there is up to where a stream is damaged, as viewers have it. */
function nextOf(pieces: Generator<Uint8Array>, decoder: Decoder): Uint8Array | undefined {
	try {
		const next = pieces.next();
		return next.done ? undefined : next.value;
	} catch {
		// Unpacking fails for no other reason, and a generator that failed is at its end.
		return decoder.leftover();
	}
}

const tooMuch = () => new UnreadablePdf('has more text and drawings than can be read');

/** A page being drawn, as far as text is concerned. */
class Drawing {
	readonly glyphs: PlacedGlyph[] = [];
	private saved: State[] = [];
	/** Where the next glyph goes, and where the line began (ISO 32000-1, 9.4.1). */
	private text: Matrix = IDENTITY;
	private line: Matrix = IDENTITY;

	constructor(
		private readonly reader: TextReader,
		private state: State,
	) {}

	/** What a form changes ends with it. */
	enter(matrix: number[]): { state: State; saved: State[] } {
		const outside = { state: { ...this.state }, saved: this.saved };
		this.transform(matrix);
		this.saved = [];
		return outside;
	}

	leave({ state, saved }: { state: State; saved: State[] }): void {
		this.state = state;
		this.saved = saved;
	}

	setFont(font: Font | undefined, size: Value | undefined): void {
		this.state.font = font;
		this.state.size = numberOf(size);
	}

	/** ISO 32000-1, tables 57, 105, 107, 108 and 109. */
	perform({ operator, operands }: Operation): void {
		const { state } = this;
		const [first, second, third] = operands;
		switch (operator) {
			case 'q':
				if (this.saved.length < MAX_SAVED_STATES) this.saved.push({ ...state });
				return;
			case 'Q':
				this.state = this.saved.pop() ?? state;
				return;
			case 'cm':
				this.transform(operands.map(Number));
				return;
			case 'BT':
				this.text = this.line = IDENTITY;
				return;
			case 'Tc':
				state.characterSpacing = numberOf(first);
				return;
			case 'Tw':
				state.wordSpacing = numberOf(first);
				return;
			case 'Tz':
				state.scaling = numberOf(first) / 100;
				return;
			case 'TL':
				state.leading = numberOf(first);
				return;
			case 'Ts':
				state.rise = numberOf(first);
				return;
			case 'Tm':
				this.text = this.line = matrixOf(operands.map(Number)) ?? this.line;
				return;
			case 'TD':
				state.leading = -numberOf(second);
				this.nextLine(numberOf(first), numberOf(second));
				return;
			case 'Td':
				this.nextLine(numberOf(first), numberOf(second));
				return;
			case 'T*':
				this.nextLine(0, -state.leading);
				return;
			case 'Tj':
				this.show(first);
				return;
			case "'":
				this.nextLine(0, -state.leading);
				this.show(first);
				return;
			case '"':
				state.wordSpacing = numberOf(first);
				state.characterSpacing = numberOf(second);
				this.nextLine(0, -state.leading);
				this.show(third);
				return;
			case 'TJ':
				for (const part of Array.isArray(first) ? first : []) {
					if (typeof part === 'number') {
						this.advance((-part / 1000) * state.size * state.scaling);
					} else {
						this.show(part);
					}
				}
		}
	}

	private transform(numbers: number[]): void {
		const matrix = matrixOf(numbers);
		if (matrix) this.state.matrix = combined(matrix, this.state.matrix);
	}

	private nextLine(x: number, y: number): void {
		this.text = this.line = combined([1, 0, 0, 1, x, y], this.line);
	}

	private advance(x: number): void {
		const [a, b, c, d, e, f] = this.text;
		this.text = [a, b, c, d, x * a + e, x * b + f];
	}

	/** ISO 32000-1, 9.4.4. */
	private show(value: Value | undefined): void {
		const { font, size, rise, scaling, characterSpacing, wordSpacing, matrix } = this.state;
		if (!(value instanceof PdfString) || !font) return;
		const [a, b, c, d] = combined(this.text, matrix);
		const unit = Math.hypot(a, b);
		const height = Math.abs(size) * (unit > 0 ? Math.abs(a * d - b * c) / unit : 0);
		const sign = size * scaling < 0 ? -1 : 1;
		for (const { text, width, isSpace } of font.glyphsOf(value.bytes)) {
			const [x, y] = moved(combined(this.text, matrix), 0, rise);
			const drawn = (width / 1000) * size * scaling;
			this.reader.countGlyph(this.glyphs.length);
			if (Number.isFinite(x) && Number.isFinite(y) && unit > 0 && height > 0) {
				this.glyphs.push({
					...{ text, x, y, alongX: (sign * a) / unit, alongY: (sign * b) / unit },
					...{ width: Math.abs(drawn) * unit, size: height },
				});
			}
			this.advance(drawn + (characterSpacing + (isSpace ? wordSpacing : 0)) * scaling);
		}
	}
}

const numberOf = (value: Value | undefined): number =>
	typeof value === 'number' && Number.isFinite(value) ? value : 0;

const matrixOf = ([a, b, c, d, e, f]: number[]): Matrix | undefined => {
	const matrix = [a ?? NaN, b ?? NaN, c ?? NaN, d ?? NaN, e ?? NaN, f ?? NaN] as const;
	return matrix.every(Number.isFinite) ? matrix : undefined;
};
