/** Of a glyph of which it is not known what it reads: it shows something. */
const UNKNOWN = '\ufffd';

/**
 * What texts are compared by: without white space and what else readers do not see as a letter, and decomposed, so
 * that it is the same whether an accent is a glyph of its own. That compares like NFKC.
 */
export const lettersOf = (text: string): string =>
	text.normalize('NFKD').replace(/[\s\u00ad\u200b-\u200d\u2060\ufeff]+/g, '');

/** How many a glyph may have. */
const MAX_LETTERS = 40;

/** Empty for a glyph that shows nothing. */
export const lettersOfGlyph = (text: string): string =>
	text === '' ? UNKNOWN : lettersOf(text).slice(0, MAX_LETTERS);
