import { NodeOperationError } from 'n8n-workflow';

import { asNodeError, inLines, withLines } from '../../../nodes/InSigner/api/nodeErrors';
import {
	asNotMailed,
	asPossiblyMailed,
	mayHaveMailed,
} from '../../../nodes/InSigner/documents/possiblyMailed';

const node = {
	...{ id: 'n', name: 'inSigner', type: 'n8n-nodes-insigner.inSigner', typeVersion: 1 },
	...{ position: [0, 0] as [number, number], parameters: {} },
};

it("keeps one of n8n's errors and makes one of anything else", () => {
	const known = new NodeOperationError(node, 'Known');
	expect(asNodeError(node, known, 2)).toBe(known);
	const thrown: Array<[unknown, string]> = [
		[new Error('No such file'), 'No such file'],
		['stopped', 'stopped'],
		[undefined, 'undefined'],
	];
	for (const [error, message] of thrown) {
		const made = asNodeError(node, error, 2);
		expect([made.message, made.context.itemIndex]).toEqual([message, 2]);
	}
});

it('ends each line of a description as a sentence, once', () => {
	expect(inLines(['It holds 2:', 'a', '', undefined, 'Really?', 'Yes.'])).toBe(
		'It holds 2:\na.\nReally?\nYes.',
	);
	expect(inLines(['One\nTwo.\n\nThree'])).toBe('One.\nTwo.\nThree.');
	const error = withLines(new NodeOperationError(node, 'Stopped'), { after: ['Try again'] });
	expect(withLines(error, { before: ['First'] }).description).toBe('First.\nTry again.');
});

it('remembers on an error that people may have been emailed, until the contrary is proven', () => {
	const error = new NodeOperationError(node, 'No answer', { itemIndex: 3 });
	expect(mayHaveMailed(error)).toBe(false);
	expect(mayHaveMailed(asPossiblyMailed(error))).toBe(true);
	expect(mayHaveMailed(asNodeError(node, error, 0))).toBe(true);
	expect(mayHaveMailed(asNotMailed(error))).toBe(false);
	expect(error.context).toEqual({ itemIndex: 3 });
	for (const other of [undefined, 'text', { context: { possiblyMailed: true } }]) {
		expect(mayHaveMailed(other)).toBe(false);
	}
});
