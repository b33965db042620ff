import { INFERENCES } from './inferences';
import type { Verdict } from './judging';
import { nothingSeen, type Seen } from './seen';

function judge(number: number, seen: Partial<Seen>): Verdict | undefined {
	const inference = INFERENCES.find((one) => one.number === number);
	return inference?.judge({ ...nothingSeen(), ...seen });
}

it('nothing seen settles nothing', () => {
	for (const { judge: verdictOf } of INFERENCES) expect(verdictOf(nothingSeen())).toBeUndefined();
});

it.each<[string, number, Partial<Seen>, Verdict['is'] | undefined, RegExp]>([
	[
		'a refusal names the scope',
		14,
		{ useForbidden: { words: '403 forbidden "lacks documents.create"', mayCreate: false } },
		'confirmed',
		/names it/,
	],
	[
		'a refusal names another scope',
		14,
		{ useForbidden: { words: '403 forbidden "lacks templates.use"', mayCreate: false } },
		'refuted',
		/another scope/,
	],
	[
		'a key that may create, but not use',
		14,
		{ useForbidden: { words: '403 forbidden', mayCreate: true } },
		'refuted',
		/may create documents, but not/,
	],
	[
		'a campaign with another key',
		16,
		{ campaignUrls: { known: [], others: ['link'] } },
		'refuted',
		/under link/,
	],
	[
		'events that are refused',
		19,
		{ events: { accepted: ['document.sent'], refused: ['signer.added'], takesAnything: false } },
		'refuted',
		/Refused are signer\.added/,
	],
	[
		'a service that accepts every event proves nothing',
		19,
		{ events: { accepted: ['document.sent'], refused: [], takesAnything: true } },
		undefined,
		/^$/,
	],
	['another status', 21, { signerStatuses: new Set(['opened']) }, 'refuted', /status opened/],
	[
		'opened and still pending',
		21,
		{ signerStatuses: new Set(['pending']), opened: true },
		'refuted',
		/is not "viewed"/,
	],
	['a smaller limit', 23, { upload: { refused: '422 too large' } }, 'refuted', /25 MB is refused/],
	['a short life', 23, { upload: { lifetimeSeconds: 30 } }, 'refuted', /30 seconds only/],
	[
		'lists that page',
		24,
		{ listMeta: new Map([['listFields', true]]) },
		'refuted',
		/There is meta/,
	],
	[
		'another status of deleting',
		25,
		{ deletions: [{ endpoint: 'deleteWebhook', words: '202' }] },
		'refuted',
		/202/,
	],
	[
		'a link for everyone at once',
		27,
		{ links: { first: true, second: true } },
		'confirmed',
		/has a link/,
	],
	[
		'emails for everyone at once',
		27,
		{
			links: { first: true, second: false },
			person: { emails: { yes: false, remark: 'two came' } },
		},
		'refuted',
		/two came/,
	],
	['an optional field', 11, { requiredDefault: { read: false } }, 'refuted', /with false/],
])('%s', (_, number, seen, is, words) => {
	const verdict = judge(number, seen);
	expect(verdict?.is).toBe(is);
	expect(verdict?.text ?? '').toMatch(words);
});

it.each([
	['from the bottom', (y: number) => 792 - y - 40, /counted from the bottom/],
	['somewhere else', (y: number) => y + 33, /otherwise, for example y 100.5 as 133.5/],
])('places that are read back %s', (_, change, words) => {
	const field = (y: number) => {
		const sent = { page: 1, x: 70.25, y, width: 200.5, height: 40, assignedTo: 0 };
		return { type: 'text', sent, read: { ...sent, options: null, y: change(y) } };
	};
	expect(judge(9, { fields: [field(100.5), field(300.75)] })?.text).toMatch(words);
});
