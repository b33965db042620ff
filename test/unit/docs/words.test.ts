import type { ICredentialType, INodeTypeDescription } from 'n8n-workflow';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { InSignerApi } from '../../../credentials/InSignerApi.credentials';
import { packageNodes } from '../../packageNodes';
import { textsInSource } from './texts';

const root = join(__dirname, '../../..');

/** Words that are not used where people read, and what is said instead. */
const NOT_SAID: ReadonlyArray<readonly [RegExp, instead: string]> = [
	[/\b(e-)?mail(s|ed|ing)?\b/i, 'email, emailed'],
	[/\b(nobody|everybody)\b/i, 'no one, everyone'],
	[/\b(any more|anymore)\b/i, 'no longer'],
	[/\b(all|requests) at once\b/i, 'at the same time'],
	[/\bis no (PDF|draft|document|answer)\b/, "is not a ..., isn't a ..."],
	[/\bcan(not)? be had\b|\bat the most\b|\bin any case\b/, 'plainer words'],
	[/127\.0\.0\.1/, 'this machine'],
];

/** Where a name on the list is the name of something else. */
const MEANT = [/`[^`]*127\.0\.0\.1[^`]*`/g, /\(localhost, 127\.0\.0\.1\)/g, /@\S*mail\S*/g];

/** Every text in a description, whatever it is called there. */
function textsOf(value: unknown): string[] {
	if (typeof value === 'string') return [value];
	if (typeof value !== 'object' || value === null) return [];
	return Object.values(value).flatMap(textsOf);
}

const descriptions: Array<INodeTypeDescription | ICredentialType> = [
	...packageNodes().map(({ description }) => description),
	new InSignerApi(),
];

const pages = (folder: string, end: string) =>
	readdirSync(join(root, folder))
		.filter((name) => name.endsWith(end))
		.map((name) => join(folder, name));

const read: Array<[place: string, texts: string[]]> = [
	...descriptions.map((one): [string, string[]] => [one.displayName, textsOf(one)]),
	['the messages', [...textsInSource().keys()]],
	...[...pages('docs', '.md'), ...pages('examples', '.json')].map((file): [string, string[]] => [
		file,
		readFileSync(join(root, file), 'utf8').split('\n'),
	]),
];

it.each(read)('%s says everything in the words that are agreed', (_, texts) => {
	const slips = texts.flatMap((text) => {
		const said = MEANT.reduce((left, meant) => left.replace(meant, ''), text);
		return NOT_SAID.filter(([word]) => word.test(said)).map(
			([word, instead]) => `${instead}, not ${word.exec(said)?.[0]}: ${said.slice(0, 200)}`,
		);
	});
	expect(slips).toEqual([]);
});

it('a slip is seen', () => {
	const said = ['He will be mailed', 'as an e-mail', 'Nobody', 'It is no PDF'];
	const isSlip = (text: string) => NOT_SAID.some(([word]) => word.test(text));
	expect(said.filter(isSlip)).toEqual(said);
	expect(['He is emailed', 'mailto:', 'right away'].filter(isSlip)).toEqual([]);
});
