import { FORM_NAMES, type FormName, type JournalEmail } from '../sandbox/sandbox';

/** The forms that can affect a sending; the others are about webhooks, events and downloads. */
export const SENDING_FORMS = FORM_NAMES.filter((name) => !/^(webhook|event|download)/.test(name));

/** The expected outcome in a form if nothing else goes wrong. */
export type Outcome =
	/** It is sent, and the node says so. */
	| 'sent'
	/** It is refused before anyone is emailed, since it would be wrong. */
	| 'refused'
	/** One or the other, or it is sent and the node cannot be sure. */
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

/** The expected outcome in a form for a sending that emails people this way. */
export function outcomeOf(form: FormName, emails: JournalEmail['kind']): Outcome {
	// An empty 200 may be anyone's, and a reminder leaves no trace to check.
	if (form === 'emptyBody' && emails === 'reminder') return 'either';
	return OUTCOMES[form] ?? 'sent';
}
