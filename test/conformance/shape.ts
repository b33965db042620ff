import { isItem, isSuccess, itemOf, type Answer } from './exchange';
import type { Run } from './run';

/**
 * Checks the form of a document that is read on its own.
 *
 * @param run - the run
 * @param answer - answer to GET /documents/{documentId}
 */
export function lookAtShape({ seen }: Run, answer: Answer): void {
	if (!isSuccess(answer)) return;
	seen.shape = [...new Set([...(seen.shape ?? []), ...problemsOf(answer)])];
}

function problemsOf(answer: Answer): string[] {
	const { body } = answer;
	const data = isItem(body) ? body.data : undefined;
	const item = itemOf(answer);
	const problems =
		isItem(data) && isItem(data.document) ? ['it is one level deeper, in data.document'] : [];
	if (!Array.isArray(item.signers)) {
		const other = Object.entries(item).find(
			([, value]) => Array.isArray(value) && value.some((one) => isItem(one) && 'email' in one),
		);
		problems.push(other ? `the signers are under "${other[0]}"` : 'it has no signers');
	}
	if (!Array.isArray(item.fields)) problems.push('it has no fields');
	if (!('message' in item)) problems.push('it has no message');
	return problems;
}
