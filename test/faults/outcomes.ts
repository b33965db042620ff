import { FORM_NAMES, type FormName, type JournalEmail } from '../sandbox/sandbox';

/** The forms that a sending can meet; the others are about webhooks, events and downloads. */
export const SENDING_FORMS = FORM_NAMES.filter((name) => !/^(webhook|event|download)/.test(name));

/** What shall come of a form when nothing else goes wrong. */
export type Outcome =
	/** It goes out, and that is said. */
	| 'sent'
	/** It is refused before anybody is emailed, since it would be wrong. */
	| 'refused'
	/** One or the other, or it goes out and the node cannot be sure. */
	| 'either';

const OUTCOMES: Partial<Record<FormName, Outcome>> = {
	pagesFromZero: 'either',
	coordinatesInPercent: 'either',
	coordinatesInPixels: 'either',
	useGivesOrderZero: 'refused',
	useAnswersWithoutId: 'refused',
	extraSigner: 'refused',
	extraApprover: 'refused',
	uploadNeedsConfirming: 'refused',
};

/** What shall come of a form for a sending that emails people so. */
export function outcomeOf(form: FormName, emails: JournalEmail['kind']): Outcome {
	// An empty 200 may be anybody's, and a reminder leaves no trace by which to find out.
	if (form === 'emptyBody' && emails === 'reminder') return 'either';
	return OUTCOMES[form] ?? 'sent';
}
