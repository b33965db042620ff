import { clock } from '../../nodes/InSigner/api/clock';
import { addressOf } from './addresses';
import {
	idOf,
	isItem,
	isSuccess,
	itemOf,
	itemsOf,
	statusOf,
	wordsOf,
	type Answer,
	type Item,
} from './exchange';
import {
	CannotGoOn,
	lookUntil,
	makeDraft,
	mustWork,
	noteMade,
	noteUse,
	step,
	type SendingRun,
} from './run';

/** The size that the node assumes (api/documents gives none), in bytes. */
const ASSUMED_LIMIT = 25 * 1024 * 1024;

/**
 * A draft that is changed in every way, then deleted; it is never sent.
 *
 * @param run - the run
 */
export async function changeDraft(run: SendingRun): Promise<void> {
	let documentId: string | undefined;
	await step(
		run,
		'A draft to change: create',
		async () => {
			documentId = await makeDraft(run, 'draft', 'parallel');
		},
		[1, 2, 7, 8, 23],
	);
	if (documentId === undefined) return;
	const id = documentId;
	await step(run, 'A draft to change: upload address', async () => await askForUpload(run, id), [
		23,
	]);
	await step(run, 'A draft to change: name', async () => await changeName(run, id), [1]);
	await step(run, 'A draft to change: signers', async () => await changeSigners(run, id), [8]);
	await step(run, 'A draft to change: fields', async () => await changeFields(run, id), [8]);
	await step(run, 'A draft to change: delete', async () => await deleteDraft(run, id), [2]);
}

/** Asks where a large file would go, without uploading one. */
async function askForUpload(run: SendingRun, documentId: string): Promise<void> {
	const answer = await run.client.call('requestUpload', {
		path: { documentId },
		body: { filename: 'large.pdf', contentType: 'application/pdf', fileSize: ASSUMED_LIMIT },
	});
	if (!isSuccess(answer)) {
		run.seen.upload = { refused: wordsOf(answer) };
		return;
	}
	const item = itemOf(answer);
	run.seen.lacking.set(
		'requestUpload',
		typeof item.uploadUrl === 'string' ? [] : ['lacks uploadUrl'],
	);
	const lifetimeSeconds = lifetimeOf(item);
	run.seen.upload = { ...(lifetimeSeconds !== undefined && { lifetimeSeconds }) };
}

/** How long an upload address is valid, if the answer or the address itself says so. */
function lifetimeOf({ expiresAt, uploadUrl }: Item): number | undefined {
	const end = typeof expiresAt === 'string' ? Date.parse(expiresAt) : NaN;
	if (!Number.isNaN(end)) return Math.round((end - clock.now()) / 1000);
	const address = typeof uploadUrl === 'string' && URL.canParse(uploadUrl) && new URL(uploadUrl);
	const seconds = address ? Number(address.searchParams.get('X-Amz-Expires') ?? NaN) : NaN;
	return Number.isFinite(seconds) ? seconds : undefined;
}

async function changeName(run: SendingRun, documentId: string): Promise<void> {
	const path = { documentId };
	const name = `${run.name}, draft, changed`;
	const answer = await run.client.call('updateDocument', { path, body: { name } });
	if (!noteUse(run, 'updateDocument', answer)) return;
	const isChanged = (read: Answer): boolean => itemOf(read).name === name;
	const read = await lookUntil(
		run,
		async () => await run.client.call('getDocument', { path }),
		isChanged,
	);
	run.seen.effects.set('updateDocument', {
		done: isChanged(read),
		words: isChanged(read) ? wordsOf(answer) : 'the name is still the old one',
	});
}

async function changeSigners(run: SendingRun, documentId: string): Promise<void> {
	const path = { documentId };
	const ids: string[] = [];
	for (const person of [1, 2]) {
		const answer = await run.client.call('addSigner', {
			path,
			body: { email: addressOf(run.sendTo, person), name: `Person ${person}`, order: person - 1 },
		});
		mustWork('addSigner', answer);
		const id = noteMade(run, 'signer', answer);
		if (id === undefined) throw new CannotGoOn('the answer to adding a signer has no id');
		ids.push(id);
	}
	const list = async (): Promise<Answer> => await run.client.call('listSigners', { path });
	// A separate list may show what the document leaves out.
	const document = await run.client.call('getDocument', { path });
	const shown = new Map(peopleOf(document).map((signer) => [idOf(signer), signer]));
	const before = await lookUntil(run, list, (read) => ids.every((id) => has(read, id)));
	itemsOf(before).forEach((signer) => {
		const id = idOf(signer) ?? '';
		const order = ids.indexOf(id);
		if (order < 0) return;
		for (const one of [signer, shown.get(id)]) {
			if (!one) continue;
			run.seen.signers.push({
				id,
				signingType: 'parallel',
				added: order,
				sentOrder: order,
				readOrder: one.order,
			});
		}
	});

	const [first = '', second = ''] = ids;
	const name = 'Person 1, changed';
	const answer = await run.client.call('updateSigner', {
		path: { documentId, signerId: first },
		body: { name },
	});
	if (noteUse(run, 'updateSigner', answer)) {
		const isChanged = (read: Answer): boolean => find(read, first)?.name === name;
		const read = await lookUntil(run, list, isChanged);
		run.seen.effects.set('updateSigner', {
			done: isChanged(read),
			words: isChanged(read) ? wordsOf(answer) : 'the name is still the old one',
		});
	}
	const removal = await run.client.call('removeSigner', {
		path: { documentId, signerId: second },
	});
	if (noteUse(run, 'removeSigner', removal)) {
		const read = await lookUntil(run, list, (seen) => !has(seen, second));
		run.seen.effects.set('removeSigner', {
			done: !has(read, second),
			words: has(read, second) ? 'the signer is still there' : wordsOf(removal),
		});
	}
}

async function changeFields(run: SendingRun, documentId: string): Promise<void> {
	const path = { documentId };
	const added = await run.client.call('addField', {
		path,
		body: {
			...{ type: 'text', label: 'To change', page: 1, x: 100, y: 100, width: 100, height: 20 },
			...{ assignedTo: 0, required: false, readOnly: false },
		},
	});
	mustWork('addField', added);
	const fieldId = noteMade(run, 'field', added);
	if (fieldId === undefined) throw new CannotGoOn('the answer to adding a field has no id');
	const list = async (): Promise<Answer> => await run.client.call('listFields', { path });
	const label = 'Changed';
	const answer = await run.client.call('updateField', {
		path: { documentId, fieldId },
		body: { label },
	});
	if (noteUse(run, 'updateField', answer)) {
		const isChanged = (read: Answer): boolean => find(read, fieldId)?.label === label;
		const read = await lookUntil(run, list, isChanged);
		run.seen.effects.set('updateField', {
			done: isChanged(read),
			words: isChanged(read) ? wordsOf(answer) : 'the label is still the old one',
		});
	}
	const removal = await run.client.call('removeField', { path: { documentId, fieldId } });
	if (noteUse(run, 'removeField', removal)) {
		const read = await lookUntil(run, list, (seen) => !has(seen, fieldId));
		run.seen.effects.set('removeField', {
			done: !has(read, fieldId),
			words: has(read, fieldId) ? 'the field is still there' : wordsOf(removal),
		});
	}
}

async function deleteDraft(run: SendingRun, documentId: string): Promise<void> {
	const path = { documentId };
	const answer = await run.client.call('deleteDocument', { path });
	if (!noteUse(run, 'deleteDocument', answer)) return;
	const isGone = (read: Answer): boolean =>
		read.status === 404 || statusOf(itemOf(read)) === 'deleted';
	const read = await lookUntil(
		run,
		async () => await run.client.call('getDocument', { path }),
		isGone,
	);
	if (isGone(read)) run.own.remove(documentId);
	run.seen.effects.set('deleteDocument', {
		done: isGone(read),
		words: isGone(read) ? wordsOf(answer) : 'the document is still there',
	});
}

function peopleOf(answer: Answer): Item[] {
	const item = itemOf(answer);
	const people = item.signers ?? item.recipients;
	return Array.isArray(people) ? people.filter(isItem) : [];
}

function find(answer: Answer, id: string): Item | undefined {
	return itemsOf(answer).find((item) => idOf(item) === id);
}

function has(answer: Answer, id: string): boolean {
	return find(answer, id) !== undefined;
}
