/** What a code stands for, in the encodings that simple fonts name (ISO 32000-1, annex D). */

const ASCII = String.fromCharCode(...Array.from({ length: 95 }, (_, index) => index + 32));
const LATIN1 = String.fromCharCode(...Array.from({ length: 96 }, (_, index) => index + 160));
const NONE = '\0';

/** From 128 on; NONE where there is nothing. */
const WIN_ANSI = `€•‚ƒ„…†‡ˆ‰Š‹Œ•Ž••‘’“”•–—˜™š›œ•žŸ${LATIN1}`;
const MAC_ROMAN =
	'ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü†°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø' +
	'¿¡¬√ƒ≈∆«»…\u00a0ÀÃÕŒœ–—“”‘’÷◊ÿŸ⁄€‹›ﬁﬂ‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔ\uf8ffÒÚÛÙıˆ˜¯˘˙˚¸˝˛ˇ';
const STANDARD =
	`${NONE.repeat(33)}¡¢£⁄¥ƒ§¤'“«‹›ﬁﬂ${NONE}–†‡·${NONE}¶•‚„”»…‰${NONE}¿` +
	`${NONE}\`´ˆ˜¯˘˙¨${NONE}˚¸${NONE}˝˛ˇ—${NONE.repeat(16)}Æ${NONE}ª${NONE.repeat(4)}ŁØŒº` +
	`${NONE.repeat(5)}æ${NONE.repeat(3)}ı${NONE.repeat(2)}łøœß`;

const table = (ascii: string, high: string): ReadonlyMap<number, string> =>
	new Map(
		[
			...[...ascii].map((character, index): [number, string] => [index + 32, character]),
			...[...high].map((character, index): [number, string] => [index + 128, character]),
		].filter(([, character]) => character !== NONE),
	);

const standard = table(ASCII.replace("'", '’').replace('`', '‘'), STANDARD);

const tables = new Map([
	['WinAnsiEncoding', table(ASCII, WIN_ANSI)],
	['MacRomanEncoding', table(ASCII, MAC_ROMAN)],
	['StandardEncoding', standard],
]);

/**
 * @param name - of an encoding; for all but those that are known, and for none, it is the standard one
 * @returns the character that each code stands for
 */
export const encodingNamed = (name: unknown): ReadonlyMap<number, string> =>
	tables.get(String(name)) ?? standard;

/** Glyphs with names that are neither a character nor a letter with an accent (Adobe Glyph List). */
const GLYPHS = new Map<string, string>();
for (const [names, characters] of [
	[
		'space/exclam/quotedbl/numbersign/dollar/percent/ampersand/quotesingle/parenleft/parenright/asterisk/plus/comma/' +
			'hyphen/period/slash/zero/one/two/three/four/five/six/seven/eight/nine/colon/semicolon/less/equal/greater/' +
			'question/at/bracketleft/backslash/bracketright/asciicircum/underscore/grave/braceleft/bar/braceright/asciitilde',
		' !"#$%&\'()*+,-./0123456789:;<=>?@[\\]^_`{|}~',
	],
	[
		'exclamdown/cent/sterling/currency/yen/brokenbar/section/dieresis/copyright/ordfeminine/guillemotleft/logicalnot/' +
			'sfthyphen/registered/macron/degree/plusminus/twosuperior/threesuperior/acute/mu/paragraph/periodcentered/' +
			'cedilla/onesuperior/ordmasculine/guillemotright/onequarter/onehalf/threequarters/questiondown/AE/Eth/' +
			'multiply/Oslash/Thorn/germandbls/ae/eth/divide/oslash/thorn',
		'¡¢£¤¥¦§¨©ª«¬\u00ad®¯°±²³´µ¶·¸¹º»¼½¾¿ÆÐ×ØÞßæð÷øþ',
	],
	[
		'Euro/quotesinglbase/florin/quotedblbase/ellipsis/dagger/daggerdbl/circumflex/perthousand/guilsinglleft/OE/' +
			'quoteleft/quoteright/quotedblleft/quotedblright/bullet/endash/emdash/tilde/trademark/guilsinglright/oe/' +
			'dotlessi/Lslash/lslash/fraction/minus/breve/dotaccent/ring/hungarumlaut/ogonek/caron/nbspace/' +
			'Dcroat/dcroat/Eng/eng/Hbar/hbar/Tbar/tbar/dotlessj/arrowleft/arrowright/arrowup/arrowdown/notequal/lessequal/' +
			'greaterequal/infinity/checkmark/H18533',
		'€‚ƒ„…†‡ˆ‰‹Œ‘’“”•–—˜™›œıŁł⁄−˘˙˚˝˛ˇ\u00a0ĐđŊŋĦħŦŧȷ←→↑↓≠≤≥∞✓■',
	],
	['ff/fi/fl/ffi/ffl', 'ﬀﬁﬂﬃﬄ'],
	[
		'Alpha/Beta/Gamma/Delta/Epsilon/Zeta/Eta/Theta/Iota/Kappa/Lambda/Mu/Nu/Xi/Omicron/Pi/Rho/Sigma/Tau/Upsilon/Phi/Chi/' +
			'Psi/Omega/alpha/beta/gamma/delta/epsilon/zeta/eta/theta/iota/kappa/lambda/nu/xi/omicron/pi/rho/sigma1/sigma/tau/' +
			'upsilon/phi/chi/psi/omega',
		'ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩαβγδεζηθικλνξοπρςστυφχψω',
	],
] as const) {
	const list = [...characters];
	for (const [index, name] of names.split('/').entries()) GLYPHS.set(name, list[index] ?? '');
}

/** Combining marks, by the end of a name: `Aacute`, `scaron`. */
const ACCENTS: Readonly<Record<string, string>> = {
	...{ grave: '\u0300', acute: '\u0301', circumflex: '\u0302', tilde: '\u0303', macron: '\u0304' },
	...{ breve: '\u0306', dotaccent: '\u0307', dot: '\u0307', dieresis: '\u0308', ring: '\u030a' },
	...{ hungarumlaut: '\u030b', caron: '\u030c', cedilla: '\u0327', ogonek: '\u0328' },
	...{ commaaccent: '\u0326' },
};
const ACCENTED = new RegExp(`^([A-Za-z])(${Object.keys(ACCENTS).join('|')})$`);
/** What is an accent in the Adobe Glyph List is composed otherwise in Unicode. */
const WITH_CEDILLA = /^[GKLNRgklnr]$/;

/** The Cyrillic letters in the order of their numbers, afii10017 and afii10065 on. */
const CYRILLIC = 'абвгдеёжзийклмнопрстуфхцчшщъыьэюя';

/** No glyph has a longer name. */
const MAX_NAME = 60;

/**
 * @param name - of a glyph
 * @returns the characters it stands for, empty when that is not known
 * @see https://github.com/adobe-type-tools/agl-specification
 */
export function charactersOf(name: string): string {
	if (name.length > MAX_NAME) return '';
	const [base = ''] = name.split('.', 1);
	return base.split('_').map(componentOf).join('');
}

function componentOf(name: string): string {
	const known = GLYPHS.get(name);
	if (known !== undefined) return known;
	if (/^[A-Za-z]$/.test(name)) return name;
	const accented = ACCENTED.exec(name);
	if (accented) {
		const [, letter = '', accent = ''] = accented;
		const mark =
			accent === 'commaaccent' && WITH_CEDILLA.test(letter) ? '\u0327' : (ACCENTS[accent] ?? '');
		return `${letter}${mark}`.normalize('NFC');
	}
	const code = /^(?:uni([\dA-F]{4})|u([\dA-F]{4,6}))$/.exec(name);
	if (code) return fromCodePoint(Number.parseInt(code[1] ?? code[2] ?? '', 16));
	const cyrillic = /^afii(100\d\d)$/.exec(name);
	if (!cyrillic) return '';
	const number = Number(cyrillic[1]);
	return number < 10_065
		? (CYRILLIC[number - 10_017] ?? '').toUpperCase()
		: (CYRILLIC[number - 10_065] ?? '');
}

const fromCodePoint = (code: number): string =>
	code <= 0x10ffff ? String.fromCodePoint(code) : '';
