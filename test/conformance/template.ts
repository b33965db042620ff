import { addressOf, isOurs } from './addresses';
import {
	idOf,
	isItem,
	isSuccess,
	itemOf,
	itemsOf,
	numberOf,
	statusOf,
	wordsOf,
	type Answer,
	type Item,
} from './exchange';
import { documentsByName, noteMade, type SendingRun } from './run';

/** Templates with more slots are skipped. */
const MAX_SLOTS = 3;

/**
 * The template that is tried: the first one with at least one and at most a few slots.
 *
 * @param templates - as listed
 */
export function templateToTry(templates: readonly Item[]): Item | undefined {
	return templates.find((template) => {
		const slots = slotCountOf(template);
		return slots >= 1 && slots <= MAX_SLOTS;
	});
}

/**
 * How many people sign a template.
 *
 * @param template - as listed
 */
export function slotCountOf({ _count }: Item): number {
	return isItem(_count) ? (numberOf(_count.signers) ?? 0) : 0;
}

/**
 * Creates a document from a template, and checks what happened to the signers. The document is removed at the end of
 * the run.
 *
 * @param run - the run
 * @param template - as listed
 */
export async function useTemplate(run: SendingRun, template: Item): Promise<void> {
	const templateId = idOf(template);
	if (templateId === undefined) return;
	const detail = await run.client.call('getTemplate', { path: { templateId } });
	const held = itemOf(detail).signers;
	const slots = Array.isArray(held) ? held.filter(isItem) : [];
	if (slots.length === 0 || slots.length > MAX_SLOTS) {
		run.seen.why.set(13, 'The template does not show its slots.');
		return;
	}
	// A slot with its own address would send to someone else.
	if (JSON.stringify(slots).includes('@')) {
		run.seen.why.set(13, 'The template names people of its own, so it is not used.');
		return;
	}
	const signers = slots.map((_, index) => ({
		name: `Person ${index + 1}`,
		email: addressOf(run.sendTo, index + 1),
	}));
	const name = `${run.name}, of a template`;
	const problems: string[] = [];
	const path = { templateId };
	let asked = signers.length;
	let answer = await run.client.call('useTemplate', { path, body: { name, signers } });
	if (answer.status === 403) {
		run.seen.useForbidden = { words: wordsOf(answer), mayCreate: true };
		return;
	}
	if (answer.status === 400 || answer.status === 422) {
		problems.push(`signers are refused (${wordsOf(answer)})`);
		asked = 0;
		answer = await run.client.call('useTemplate', { path, body: { name } });
	}
	if (!isSuccess(answer)) {
		problems.push(`it answers ${wordsOf(answer)}`);
	} else {
		let documentId = noteMade(run, 'document', answer);
		if (documentId === undefined) {
			problems.push('the answer has no id of the document');
			const found = (await documentsByName(run)).find((item) => item.name === name);
			documentId = found && idOf(found);
		}
		if (documentId !== undefined) {
			problems.push(...(await problemsWith(run, documentId, templateId, asked)));
		}
	}
	run.seen.templateUse = { slots: slots.length, problems: [...new Set(problems)] };
}

async function problemsWith(
	run: SendingRun,
	documentId: string,
	templateId: string,
	asked: number,
): Promise<string[]> {
	const path = { documentId };
	const document: Answer = await run.client.call('getDocument', { path });
	const people = itemsOf(await run.client.call('listSigners', { path }));
	const ours = people.filter(({ email }) => isOurs(run.sendTo, email));
	const others = people.filter((person) => !ours.includes(person));
	const problems: string[] = [];
	const item = itemOf(document);
	if (statusOf(item) !== 'draft') problems.push(`the document is ${statusOf(item)} at once`);
	if (String(item.templateId) !== templateId) problems.push('the document has another templateId');
	if (ours.length < asked) {
		problems.push(
			ours.length === 0
				? 'the signers are ignored, the document has none of them'
				: `only ${ours.length} of ${asked} signers are in the document`,
		);
	}
	if (others.length > 0) {
		const roles = others.map(({ role }) => String(role)).join(', ');
		problems.push(`the document has someone besides the signers asked for (${roles})`);
	}
	const orders = ours.map(({ order }) => String(order));
	if (new Set(orders).size < orders.length) {
		problems.push(`several signers have the order ${orders.join(', ')}`);
	}
	return problems;
}
