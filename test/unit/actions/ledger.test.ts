import type { IExecuteFunctions } from 'n8n-workflow';

import { asPossiblyMailed, oncePerExecution } from '../../../nodes/InSigner/actions/ledger';
import { clock } from '../../../nodes/InSigner/api/clock';

/** As much of n8n's context as the ledger looks at. */
type Seen = Pick<
	IExecuteFunctions,
	'getExecutionId' | 'getNode' | 'getInputData' | 'evaluateExpression' | 'logger'
>;

let executions = 0;

const contextOf = (change: { executionId?: string; run?: number; email?: string } = {}) => {
	const { executionId = `ledger ${executions}`, run = 0, email = 'ann@example.com' } = change;
	const seen: Seen = {
		getExecutionId: () => executionId,
		getNode: () => ({
			id: 'node',
			name: 'inSigner',
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
		expect(await oncePerExecution(contextOf(), 0, '', work)).toBe(first);
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

	it('starts work anew that failed', async () => {
		const work = jest.fn().mockRejectedValueOnce(new Error('409')).mockResolvedValueOnce('sent');
		await expect(oncePerExecution(contextOf(), 0, '', work)).rejects.toThrow('409');
		expect(await oncePerExecution(contextOf(), 0, '', work)).toBe('sent');
	});

	it('does not start work anew after which people may have been mailed', async () => {
		const work = jest.fn(async () => {
			throw asPossiblyMailed(new Error('no answer'));
		});
		await expect(oncePerExecution(contextOf(), 0, '', work)).rejects.toThrow('no answer');
		await expect(oncePerExecution(contextOf(), 0, '', work)).rejects.toThrow('no answer');
		expect(work).toHaveBeenCalledTimes(1);
	});

	it('remembers 20,000 items, and for a week', async () => {
		const work = jest.fn(async () => 1);
		for (let item = 0; item < 20_000; item++) {
			await oncePerExecution(contextOf(), 0, String(item), work);
		}
		await oncePerExecution(contextOf(), 0, '19999', work);
		await oncePerExecution(contextOf(), 0, '1', work);
		expect(work).toHaveBeenCalledTimes(20_000);
		const now = Date.now();
		jest.spyOn(clock, 'now').mockReturnValue(now + 8 * 24 * 3_600_000);
		await oncePerExecution(contextOf(), 0, '19999', work);
		expect(work).toHaveBeenCalledTimes(20_001);
	});
});
