/** What a text says about a contract. */
export interface Claims {
	/** That it was sent. */
	readonly sent: boolean;
	/** That no one was emailed because of it. */
	readonly denied: boolean;
	/** That no one knows. */
	readonly open: boolean;
}

/** Words that leave open whether people were emailed. */
const OPEN =
	/\b(may|might|could)( or may not)?( still| already)? (have been|be|have) (sent|emailed|mailed|carried out|created|done)\b|(nobody|no one) (knows|can know)|\b(may|might) (still )?(do|have done|send|have sent) it\b/i;

/** Words that say that no one was emailed. Saying that something is not done again is different. */
const DENIED =
	/\b(was|were|is|are) not (sent|emailed|mailed|reminded)\b(?! again| twice)|\bdid not send\b|\b(nobody|no one) (was|has been) (sent|emailed|mailed|reminded)\b|\bnothing (was|has been) (sent|emailed)\b|\bno (email|reminder) was sent\b|\bnot sent:/i;

/** Words that say that people were emailed. "Not sent:" has a small s. */
const SENT =
	/\bSent: |\b(was|were) (sent|emailed|already sent)\b(?! again)|\bDone before in this run: /;

/** The sentences of a text: they end with the line or a full stop. */
export function sentencesOf(text: string): string[] {
	return text
		.split(/\n|(?<=[.!?]) /)
		.map((sentence) => sentence.trim())
		.filter((sentence) => sentence !== '');
}

/** What some sentences say, each sentence claiming one thing. */
export function claimsOf(sentences: readonly string[]): Claims {
	const kinds = sentences.map(kindOf);
	return {
		sent: kinds.includes('sent'),
		denied: kinds.includes('denied'),
		open: kinds.includes('open'),
	};
}

/** The claim of the last sentence that makes one: in a log, claims about earlier tries are outdated. */
export function lastClaimOf(sentences: readonly string[]): Claims {
	const last = sentences.filter((sentence) => kindOf(sentence) !== undefined).slice(-1);
	return claimsOf(last);
}

function kindOf(sentence: string): keyof Claims | undefined {
	if (OPEN.test(sentence)) return 'open';
	if (DENIED.test(sentence)) return 'denied';
	return SENT.test(sentence) ? 'sent' : undefined;
}

/** Sentences that say that nothing at all was sent, without naming an item or rows. */
export function denialsOfTheRun(sentences: readonly string[]): string[] {
	return sentences.filter(
		(sentence) =>
			/\bnothing (was|has been) (sent|emailed)\b/i.test(sentence) &&
			!/\b(item|row)s? \d/i.test(sentence),
	);
}
