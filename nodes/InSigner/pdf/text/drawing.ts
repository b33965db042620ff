import { combined, IDENTITY, type Matrix } from '../pages/geometry';
import { PdfString, type Value } from '../values/objects';
import { tooMuch, type Work } from '../work';
import type { Font, Glyph } from './fonts';
import type { Operation } from './operations';

/** Where a string of glyphs goes, and how large they are. */
export interface BaseLine {
	/** One point along it. */
	readonly alongX: number;
	readonly alongY: number;
	/** Of the font, across it, in points. */
	readonly size: number;
}

/**
 * A glyph on a page as a viewer shows it; in points from the top left corner. A page has thousands of them. V8 would
 * allocate object literals that live as long as a page among the objects that stay, and collect them late; those of a
 * class it does not.
 */
export class PlacedGlyph {
	/**
	 * @param glyph - which one
	 * @param afterSpace - whether a space was drawn just before it
	 * @param x - where it begins on the base line
	 * @param y - where it begins on the base line
	 * @param width - how far it reaches along the base line
	 * @param base - the base line
	 */
	constructor(
		readonly glyph: Glyph,
		readonly afterSpace: boolean,
		readonly x: number,
		readonly y: number,
		readonly width: number,
		readonly base: BaseLine,
	) {}
}

/** Of a page. */
const MAX_GLYPHS = 50_000;

/** In steps. */
const PER_GLYPH = 1;

const MAX_SAVED_STATES = 200;

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

/** A page being drawn, as far as text is concerned. */
export class Drawing {
	readonly glyphs: PlacedGlyph[] = [];
	private saved: State[] = [];
	/** Where the next glyph goes, and where the line began (ISO 32000-1, 9.4.1). */
	private text: Matrix = IDENTITY;
	private line: Matrix = IDENTITY;

	private state: State;

	/**
	 * @param work - counts what is done
	 * @param matrix - from the coordinates of the page to what a viewer shows
	 */
	constructor(
		private readonly work: Work,
		matrix: Matrix,
	) {
		this.state = { ...INITIAL, matrix };
	}

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

	/** ISO 32000-1, tables 57, 105, 107, 108 and 109. Only what shows text takes long. */
	perform({ operator, operands }: Operation): Promise<void> | void {
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
				return this.show([first]);
			case "'":
				this.nextLine(0, -state.leading);
				return this.show([first]);
			case '"':
				state.wordSpacing = numberOf(first);
				state.characterSpacing = numberOf(second);
				this.nextLine(0, -state.leading);
				return this.show([third]);
			case 'TJ':
				return this.show(Array.isArray(first) ? first : []);
		}
	}

	private transform(numbers: number[]): void {
		const matrix = matrixOf(numbers);
		if (matrix) this.state.matrix = combined(matrix, this.state.matrix);
	}

	private nextLine(x: number, y: number): void {
		this.text = this.line = combined([1, 0, 0, 1, x, y], this.line);
	}

	/** ISO 32000-1, 9.4.3 and 9.4.4: strings, and numbers that move what follows back. */
	private async show(parts: ReadonlyArray<Value | undefined>): Promise<void> {
		const { font, size, rise, scaling, characterSpacing, wordSpacing, matrix } = this.state;
		const [a, b, c, d, e, f] = combined(this.text, matrix);
		const unit = Math.hypot(a, b);
		const height = Math.abs(size) * (unit > 0 ? Math.abs(a * d - b * c) / unit : 0);
		const sign = size * scaling < 0 ? -1 : 1;
		const base = { alongX: (sign * a) / unit, alongY: (sign * b) / unit, size: height };
		const isVisible = unit > 0 && height > 0;
		let along = 0;
		for (const part of parts) {
			if (typeof part === 'number') along -= (part / 1000) * size * scaling;
			if (!(part instanceof PdfString) || !font) continue;
			for (const glyph of font.glyphsOf(part.bytes)) {
				if (this.work.add(PER_GLYPH)) await this.work.pause();
				if (this.glyphs.length === MAX_GLYPHS) throw tooMuch();
				const [x, y] = [along * a + rise * c + e, along * b + rise * d + f];
				const drawn = (glyph.width / 1000) * size * scaling;
				if (isVisible && Number.isFinite(x) && Number.isFinite(y)) {
					const afterSpace = this.glyphs.at(-1)?.glyph.letters === '';
					const reach = Math.abs(drawn) * unit;
					this.glyphs.push(new PlacedGlyph(glyph, afterSpace, x, y, reach, base));
				}
				along += drawn + (characterSpacing + (glyph.isWordSpace ? wordSpacing : 0)) * scaling;
			}
		}
		this.text = combined([1, 0, 0, 1, along, 0], this.text);
	}
}

const numberOf = (value: Value | undefined): number =>
	typeof value === 'number' && Number.isFinite(value) ? value : 0;

const matrixOf = ([a, b, c, d, e, f]: number[]): Matrix | undefined => {
	const matrix = [a ?? NaN, b ?? NaN, c ?? NaN, d ?? NaN, e ?? NaN, f ?? NaN] as const;
	return matrix.every(Number.isFinite) ? matrix : undefined;
};
