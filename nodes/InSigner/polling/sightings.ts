import { createHash } from 'crypto';
import type { IDataObject } from 'n8n-workflow';

import type { DataOf } from '../api/endpoint';
import type { EntryOf } from '../api/pagination';
import type { SignatureEvent } from '../events/events';
import type { Stage } from './snapshot';

/** One signer who has signed. */
interface Signing {
	/** Stands for the signer in the snapshot. */
	mark: string;
	/** Milliseconds since 1970; undefined if inSigner does not say. */
	at?: number;
	event: SignatureEvent;
}

/** A document or bulk send as a list or a read showed it, with the events that led there. */
export interface Sighting {
	id: string;
	stage: Stage;
	/** Milliseconds since 1970. */
	createdAt: number;
	/** Milliseconds since 1970. */
	updatedAt: number;
	sent?: SignatureEvent;
	/** In the order of signing; undefined if signers were not shown. */
	signings?: Signing[];
	ended?: SignatureEvent;
	/** What was shown, without signing links. */
	json: IDataObject;
}

const ENDED: readonly string[] = ['completed', 'declined', 'cancelled', 'expired'];

/**
 * What an entry of the list of documents, or a document that was read, says.
 *
 * @param document - as the API gives it; with signers if it was read on its own
 * @returns its stage and its events, each with the data that a delivery would have
 * @see https://docs.insigner.co/api/documents
 */
export function documentSighting(
	document: EntryOf<'listDocuments'> | DataOf<'getDocument'>,
): Sighting {
	const { id, createdAt, updatedAt, completedAt } = document;
	const status: string = document.status;
	const signers = 'signers' in document ? document.signers : undefined;
	// A signing link lets its holder sign; the option Include Document does not return any either.
	const json: IDataObject = {
		...document,
		...(signers && { signers: signers.map((signer) => ({ ...signer, signingUrl: undefined })) }),
	};
	const signings = signers
		?.filter((signer) => signer.status === 'completed' || Boolean(signer.signedAt))
		.map((signer) => signingOf(id, signer))
		.sort((one, other) => (one.at ?? 0) - (other.at ?? 0));
	const isUntouched = status === 'pending' && !signings?.length;
	return {
		id,
		stage: status === 'draft' ? 'draft' : ENDED.includes(status) ? 'ended' : 'open',
		createdAt: millisecondsOf(createdAt),
		updatedAt: millisecondsOf(updatedAt),
		...(status !== 'draft' && {
			// inSigner does not say when it was sent; as long as no one has signed, that is the last change.
			sent: eventOf('document.sent', isUntouched ? updatedAt : null, json),
		}),
		...(signings && { signings }),
		...(ENDED.includes(status) && {
			ended: eventOf(
				`document.${status}`,
				status === 'completed' ? (completedAt ?? updatedAt) : updatedAt,
				json,
			),
		}),
		json,
	};
}

/**
 * What an entry of the list of bulk sends, or a bulk send that was read, says.
 *
 * @param bulkSend - as the API gives it
 * @returns its stage and its event
 * @see https://docs.insigner.co/guides/bulk-sending
 */
export function bulkSendSighting(
	bulkSend: EntryOf<'listBulkSends'> | DataOf<'getBulkSend'>,
): Sighting {
	const json: IDataObject = { ...bulkSend };
	const { id, createdAt, updatedAt } = bulkSend;
	const status: string = bulkSend.status;
	const isOver = status === 'completed' || status === 'failed';
	return {
		id,
		stage: isOver ? 'ended' : 'open',
		createdAt: millisecondsOf(createdAt),
		updatedAt: millisecondsOf(updatedAt),
		...(isOver && { ended: eventOf(`bulk_send.${status}`, updatedAt ?? null, json) }),
		json,
	};
}

function signingOf(documentId: string, signer: DataOf<'getDocument'>['signers'][number]): Signing {
	const { id, name, email, role, status, signedAt } = signer;
	const at = millisecondsOf(signedAt);
	return {
		mark: createHash('sha256').update(id).digest('base64url').slice(0, 8),
		...(at > 0 && { at }),
		event: eventOf('signer.completed', signedAt ?? null, {
			documentId,
			id,
			signerId: id,
			name,
			email,
			role,
			status,
			signedAt,
		}),
	};
}

function eventOf(event: string, timestamp: string | null, data: IDataObject): SignatureEvent {
	return { event, timestamp, data };
}

/** @returns 0 if there is no such time */
function millisecondsOf(time: string | null | undefined): number {
	return Date.parse(time ?? '') || 0;
}
