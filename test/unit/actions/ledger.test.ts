import { NodeOperationError, type IExecuteFunctions } from 'n8n-workflow';

import { oncePerExecution } from '../../../nodes/InSigner/actions/ledger';
import { clock } from '../../../nodes/InSigner/api/clock';
import { asPossiblyMailed } from '../../../nodes/InSigner/documents/possiblyMailed';

/** As much of n8n's context as the ledger looks at. */
type Seen = Pick<
	IExecuteFunctions,
	'getExecutionId' | 'getNode' | 'getInputData' | 'evaluateExpression' | 'logger'
>;

let executions = 0;

const contextOf = (
	change: { executionId?: string; run?: number; email?: string; nodeName?: string } = {},
) => {
	const { executionId = `ledger ${executions}`, run = 0, email = 'ann@example.com' } = change;
	const seen: Seen = {
		getExecutionId: () => executionId,
		getNode: () => ({
			id: 'node',
			name: change.nodeName ?? 'inSigner',
			type: 'n8n-nodes-insigner.inSigner',
			typeVersion: 1,
			position: [0, 0],
			parameters: {},
		}),
		getInputData: () => [{ json: { email } }],
		evaluateExpression: () => run,
		logger: { debug: jest.fn(), info: jest.fn(), warn: jest.fn(), error: jest.fn() },
	};
	return seen as IExecuteFunctions;
};

beforeEach(() => {
	executions += 1;
});
afterEach(() => jest.restoreAllMocks());

describe('oncePerExecution', () => {
	it('does the work once and returns the same again', async () => {
		const work = jest.fn(async () => ({ id: 'cm1' }));
		const first = await oncePerExecution(contextOf(), 0, '', work);
		expect(await oncePerExecution(contextOf(), 0, '', work)).toEqual(first);
		expect(work).toHaveBeenCalledTimes(1);
	});

	it.each([
		['another execution', { executionId: 'another' }],
		['another run of the node', { run: 1 }],
		['another content of the item', { email: 'bob@example.com' }],
	])('does it again for %s', async (_, change) => {
		const work = jest.fn(async () => 1);
		await oncePerExecution(contextOf(), 0, '', work);
		await oncePerExecution(contextOf(change), 0, '', work);
		expect(work).toHaveBeenCalledTimes(2);
	});

	it('starts failed work again', async () => {
		const work = jest.fn().mockRejectedValueOnce(new Error('409')).mockResolvedValueOnce('sent');
		await expect(oncePerExecution(contextOf(), 0, '', work)).rejects.toThrow('409');
		expect(await oncePerExecution(contextOf(), 0, '', work)).toBe('sent');
	});

	it('does not start work again if people may have been emailed', async () => {
		const work = jest.fn(async () => {
			throw asPossiblyMailed(new NodeOperationError(contextOf().getNode(), 'no answer'));
		});
		await expect(oncePerExecution(contextOf(), 0, '', work)).rejects.toThrow('no answer');
		await expect(oncePerExecution(contextOf(), 0, '', work)).rejects.toThrow('no answer');
		expect(work).toHaveBeenCalledTimes(1);
	});

	it('remembers 20,000 items, and for a day after the last of them', async () => {
		const work = jest.fn(async () => ({ id: 'cm5x9abc123' }));
		const begun = Date.now();
		const now = jest.spyOn(clock, 'now').mockReturnValue(begun);
		const context = contextOf();
		for (let item = 0; item < 20_000; item++) {
			await oncePerExecution(context, 0, String(item), work);
		}
		now.mockReturnValue(begun + 23 * 3_600_000);
		await oncePerExecution(contextOf(), 0, '19999', work);
		now.mockReturnValue(begun + 46 * 3_600_000);
		await oncePerExecution(contextOf(), 0, '1', work);
		expect(work).toHaveBeenCalledTimes(20_000);
		now.mockReturnValue(begun + 71 * 3_600_000);
		await oncePerExecution(contextOf({ executionId: 'another' }), 0, '', work);
		await oncePerExecution(contextOf(), 0, '1', work);
		expect(work).toHaveBeenCalledTimes(20_002);
	});

	it('forgets the executions not used for longest, and never the one at work', async () => {
		const large = { text: 'x'.repeat(1_000_000) };
		const work = jest.fn(async () => large);
		for (let n = 0; n < 12; n++) {
			await oncePerExecution(contextOf({ executionId: `large ${n}` }), 0, '', work);
		}
		await oncePerExecution(contextOf({ executionId: 'large 11' }), 0, '', work);
		expect(work).toHaveBeenCalledTimes(12);
		await oncePerExecution(contextOf({ executionId: 'large 0' }), 0, '', work);
		expect(work).toHaveBeenCalledTimes(13);
	});

	it('stops a run that has done more than it can remember, before it does anything more', async () => {
		const work = jest.fn(async () => ({ text: 'x'.repeat(1_000_000) }));
		const doing = (async () => {
			for (let item = 0; item < 20; item++) {
				await oncePerExecution(contextOf(), 0, String(item), work);
			}
		})();
		await expect(doing).rejects.toThrow(/too long to be kept from repeating/);
		expect(work.mock.calls.length).toBeLessThan(20);
	});

	it('waits for the same work if it is already under way', async () => {
		const work = jest.fn(async () => await Promise.resolve({ id: 'cm1' }));
		const both = await Promise.all([
			oncePerExecution(contextOf(), 0, '', work),
			oncePerExecution(contextOf(), 0, '', work),
		]);
		expect(both).toEqual([{ id: 'cm1' }, { id: 'cm1' }]);
		expect(work).toHaveBeenCalledTimes(1);
	});

	it('goes by the name of a node, since ids can occur twice in a workflow', async () => {
		const work = jest.fn(async () => 1);
		await oncePerExecution(contextOf(), 0, '', work);
		await oncePerExecution(contextOf({ nodeName: 'inSigner1' }), 0, '', work);
		expect(work).toHaveBeenCalledTimes(2);
	});
});
