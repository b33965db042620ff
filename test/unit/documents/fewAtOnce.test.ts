import { setTimeout as delay } from 'node:timers/promises';

import { fewAtOnce } from '../../../nodes/InSigner/documents/fewAtOnce';

it('does each once, in order, and never more than four at the same time', async () => {
	const begun: string[] = [];
	let underWay = 0;
	let most = 0;
	await fewAtOnce(['a', 'b', 'c', 'd', 'e', 'f', 'g'], async (thing, index) => {
		begun.push(`${thing}${index}`);
		most = Math.max(most, ++underWay);
		await delay(1);
		underWay--;
	});
	expect(begun).toEqual(['a0', 'b1', 'c2', 'd3', 'e4', 'f5', 'g6']);
	expect([most, underWay]).toEqual([4, 0]);
});

it('begins no further one after a failure, and ends only when all that were begun have ended', async () => {
	const ended: number[] = [];
	const doing = fewAtOnce([0, 1, 2, 3, 4, 5, 6], async (thing) => {
		await delay(thing === 1 ? 1 : 20);
		ended.push(thing);
		if (thing === 1) throw new Error('the first');
		if (thing === 3) throw new Error('another');
	});
	await expect(doing).rejects.toThrow('the first');
	expect(ended.sort()).toEqual([0, 1, 2, 3]);
});

it('has nothing to do for nothing', async () => {
	await expect(fewAtOnce([], async () => await delay(1))).resolves.toBeUndefined();
});
