import { backOff, nextStep, RETRY_POLICY } from '../../../nodes/InSigner/api/retry';

describe('the retry policy', () => {
	it('never sends a POST again that may have been carried out', () => {
		for (const result of ['serverFault', 'noAnswer', 'unreadable'] as const) {
			expect(nextStep('POST', result)).toBe('reconcile');
		}
	});

	it('sends again only what was not processed or does no harm twice', () => {
		const table = Object.entries(RETRY_POLICY).map(([result, row]) => [
			result,
			row.read,
			row.repeatable,
			row.create,
		]);
		expect(table).toEqual([
			['rateLimited', 'wait', 'wait', 'wait'],
			['refused', 'fail', 'fail', 'fail'],
			['notSent', 'repeat', 'repeat', 'repeat'],
			['serverFault', 'repeat', 'repeat', 'reconcile'],
			['noAnswer', 'repeat', 'repeat', 'reconcile'],
			['unreadable', 'fail', 'fail', 'reconcile'],
		]);
	});

	it('treats PATCH, PUT and DELETE as repeatable', () => {
		for (const method of ['PATCH', 'PUT', 'DELETE']) {
			expect(nextStep(method, 'noAnswer')).toBe('repeat');
		}
	});
});

describe('backOff', () => {
	it('doubles up to 8 seconds and spreads over the upper half', () => {
		expect([1, 2, 3, 4, 5, 6].map((attempt) => backOff(attempt, 1))).toEqual([
			500, 1000, 2000, 4000, 8000, 8000,
		]);
		expect([1, 2, 3].map((attempt) => backOff(attempt, 0))).toEqual([250, 500, 1000]);
	});
});
