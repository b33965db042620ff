/** A PDF whose page sizes cannot be read: encrypted, damaged, cut off, or beyond what is supported. */
export class UnreadablePdf extends Error {
	/** @param reason - for people, the rest of a sentence that starts with the PDF: "is encrypted" */
	constructor(readonly reason: string) {
		super(`The PDF ${reason}.`);
		this.name = 'UnreadablePdf';
	}
}

/** A PDF that breaks the rules of the format. */
export class DamagedPdf extends UnreadablePdf {}

/** @param what - for people, a sentence without its end: "a page is missing" */
export const damaged = (what: string): DamagedPdf =>
	new DamagedPdf(`is damaged or cut off: ${what}`);
