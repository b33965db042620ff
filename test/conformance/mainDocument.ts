import { addressOf } from './addresses';
import { nameOf } from './differences';
import {
	idOf,
	isSuccess,
	itemOf,
	itemsOf,
	numberOf,
	wordsOf,
	type Answer,
	type Item,
} from './exchange';
import { FIELD_PLAN, WITHOUT_REQUIRED, type PlannedField } from './fieldPlan';
import { makeRulerPdf } from './rulerPdf';
import {
	CannotGoOn,
	lookUntil,
	makeDraft,
	mustWork,
	noteMade,
	noteMeta,
	type SendingRun,
} from './run';
import { lookAtShape } from './shape';

/**
 * The main document: a PDF that shows a ruler, two signers, and fields of every type, read back and compared.
 *
 * @param run - the run
 * @returns its id
 * @throws CannotGoOn if it could not be created
 */
export async function makeMainDocument(run: SendingRun): Promise<string> {
	const documentId = await makeDraft(run, 'to send', 'sequential');
	await upload(run, documentId);
	await addSigners(run, documentId);
	await addFields(run, documentId);
	lookAtShape(run, await run.client.call('getDocument', { path: { documentId } }));
	return documentId;
}

async function upload(run: SendingRun, documentId: string): Promise<void> {
	const pdf = await makeRulerPdf(run.name, FIELD_PLAN);
	const answer = await run.client.call('requestUpload', {
		path: { documentId },
		body: {
			filename: 'conformance.pdf',
			contentType: 'application/pdf',
			fileSize: pdf.length,
		},
	});
	mustWork('requestUpload', answer);
	const { uploadUrl } = itemOf(answer);
	run.seen.lacking.set('requestUpload', typeof uploadUrl === 'string' ? [] : ['lacks uploadUrl']);
	if (typeof uploadUrl !== 'string') throw new CannotGoOn('the upload has no uploadUrl');
	const taken = await run.client.putFile(uploadUrl, pdf);
	if (!isSuccess(taken)) throw new CannotGoOn(`the storage answered ${taken.status}`);
	if (taken.status !== 200) run.seen.remarks.add(`The storage answers ${taken.status} to the PUT.`);
}

/** The second person is added first, so that the order of adding is not the order of signing. */
async function addSigners(run: SendingRun, documentId: string): Promise<void> {
	const path = { documentId };
	const orders = new Map<string, { order: number; added: number }>();
	for (const [added, order] of [1, 0].entries()) {
		const person = order + 1;
		const answer = await run.client.call('addSigner', {
			path,
			body: { email: addressOf(run.sendTo, person), name: `Person ${person}`, order },
		});
		mustWork('addSigner', answer);
		const id = noteMade(run, 'signer', answer);
		if (id !== undefined) orders.set(id, { order, added });
	}
	const answer = await lookUntil(
		run,
		async () => await run.client.call('listSigners', { path }),
		(read) => itemsOf(read).length >= 2,
	);
	noteMeta(run, 'listSigners', answer);
	const listed = itemsOf(answer);
	for (const signer of listed) {
		const id = idOf(signer);
		const sent = id === undefined ? undefined : orders.get(id);
		if (id === undefined || !sent) continue;
		run.seen.signers.push({
			id,
			signingType: 'sequential',
			added: sent.added,
			sentOrder: sent.order,
			readOrder: signer.order,
		});
	}
	const orderOf = (signer: Item): number => numberOf(signer.order) ?? 0;
	if (!isSorted(listed.map(orderOf))) {
		run.differ(nameOf('listSigners'), 'is not sorted by order');
	}
}

async function addFields(run: SendingRun, documentId: string): Promise<void> {
	const path = { documentId };
	const sent = new Map<string, PlannedField>();
	for (const field of FIELD_PLAN) {
		const answer = await run.client.call('addField', { path, body: field });
		if (isSuccess(answer)) {
			const id = noteMade(run, 'field', answer);
			sent.set(id ?? field.label, field);
			continue;
		}
		const refusal = `A field of type ${field.type} is refused: ${wordsOf(answer)}`;
		if (field.options && /option/i.test(wordsOf(answer))) run.seen.optionsRefused.push(refusal);
		else run.seen.remarks.add(refusal);
	}
	if (sent.size === 0) throw new CannotGoOn('no field was taken');
	const fieldOf = ({ label, ...item }: Item): PlannedField | undefined =>
		sent.get(idOf(item) ?? '') ?? sent.get(String(label));
	const answer = await lookUntil(
		run,
		async () => await run.client.call('listFields', { path }),
		(read) => itemsOf(read).filter(fieldOf).length >= sent.size,
	);
	noteMeta(run, 'listFields', answer);
	compare(run, answer, fieldOf, sent.size);
}

function compare(
	run: SendingRun,
	answer: Answer,
	fieldOf: (item: Item) => PlannedField | undefined,
	expected: number,
): void {
	const where = nameOf('listFields');
	const listed = itemsOf(answer);
	let found = 0;
	for (const item of listed) {
		const field = fieldOf(item);
		if (!field) continue;
		found += 1;
		const { type, page, x, y, width, height, assignedTo, options } = field;
		run.seen.fields.push({
			type,
			sent: { page, x, y, width, height, assignedTo, ...(options && { options }) },
			read: {
				...{ page: item.page, x: item.x, y: item.y, width: item.width, height: item.height },
				...{ assignedTo: item.assignedTo, options: item.options },
			},
		});
		if (numberOf(item.page) !== page) {
			run.differ(where, `tells page ${String(item.page)} for a field that was put on page ${page}`);
		}
		if (type === WITHOUT_REQUIRED) {
			run.seen.requiredDefault = { read: item.required };
		} else if ('required' in field && item.required !== field.required) {
			run.differ(where, `tells required ${String(item.required)} for ${String(field.required)}`);
		}
	}
	if (found < expected) run.differ(where, `shows ${found} of ${expected} fields that were taken`);
	const places = listed.map(
		(item) => 100_000 * (numberOf(item.page) ?? 0) + (numberOf(item.y) ?? 0),
	);
	if (!isSorted(places)) run.differ(where, 'is not sorted by page and vertical position');
}

function isSorted(numbers: readonly number[]): boolean {
	return numbers.every((number, index) => index === 0 || number >= (numbers[index - 1] ?? 0));
}
