/** A PDF whose page sizes cannot be read: encrypted, damaged, cut off, or beyond what is supported. */
export class UnreadablePdf extends Error {
	/** @param reason - for people, the rest of a sentence that starts with the PDF: "is encrypted" */
	constructor(readonly reason: string) {
		super(`The PDF ${reason}.`);
		this.name = 'UnreadablePdf';
	}
}

/** The sentence for everything that breaks the rules of the format. */
export const damaged = (what: string): UnreadablePdf =>
	new UnreadablePdf(`is damaged or cut off: ${what}`);
