import { signingUrl, type Cloud } from './cloud';
import type { JournalEmail } from './journal';
import type { StoredDocument, StoredSigner } from './store';

/** Email to this domain fails: that is how a test causes a 502 or a failed recipient. */
const BOUNCING_DOMAIN = '@bounce.test';

/** Whether email to this address can be delivered. */
export function isDeliverable(address: string): boolean {
	return !address.toLowerCase().endsWith(BOUNCING_DOMAIN);
}

/** Emails a person of a document: an entry in the journal. Returns false if it cannot be delivered. */
export function mail(
	cloud: Cloud,
	document: StoredDocument,
	signer: StoredSigner,
	kind: JournalEmail['kind'],
): boolean {
	if (!isDeliverable(signer.email)) return false;
	const hasLink = kind === 'invitation' || kind === 'reminder';
	const link = hasLink && signer.token !== null ? signingUrl(cloud, signer.token) : undefined;
	cloud.journal.emails.push({
		at: cloud.clock.now(),
		to: signer.email,
		name: signer.name,
		kind,
		documentId: document.id,
		...(document.bulkSendId === null ? {} : { bulkSendId: document.bulkSendId }),
		...(link === undefined ? {} : { signingUrl: link }),
	});
	cloud.log(`emailed ${kind} of "${document.name}" to ${signer.email}${link ? `: ${link}` : ''}`);
	return true;
}
