import { passes, readIds, type Filters } from '../../../nodes/InSigner/events/filters';
import type { SignatureEvent } from '../../../nodes/InSigner/events/events';

const filtersOf = (filters: Partial<Filters>): Filters => ({
	documentId: [],
	templateId: [],
	campaignId: [],
	bulkSendId: [],
	...filters,
});

const event = (name: string, data: SignatureEvent['data']): SignatureEvent => ({
	event: name,
	timestamp: null,
	data,
});

const signed = event('document.completed', {
	id: 'cm1',
	templateId: 'tpl_1',
	campaignId: null,
	bulkSendId: 'bs_1',
});
const signer = event('signer.completed', { id: 'sr_1', documentId: 'cm1' });
const bulk = event('bulk_send.completed', { id: 'bs_1', templateId: 'tpl_1' });

describe('readIds', () => {
	it.each<[unknown, string[]]>([
		['tpl_a', ['tpl_a']],
		[' cm1, cm2\ncm3;cm4\r\n\tcm5, ', ['cm1', 'cm2', 'cm3', 'cm4', 'cm5']],
		[
			['tpl_1', 'tpl_2 tpl_3', ''],
			['tpl_1', 'tpl_2', 'tpl_3'],
		],
		['["tpl_a"]', ['tpl_a']],
		[' [ "tpl_a", "tpl_b" ] ', ['tpl_a', 'tpl_b']],
		['https://app.insigner.co/documents/cm5x9abc123', ['cm5x9abc123']],
		['https://app.insigner.co/documents/cm5x9abc123/?tab=signers#top', ['cm5x9abc123']],
		[
			['https://app.insigner.co/t/tpl_a', 'tpl_b'],
			['tpl_a', 'tpl_b'],
		],
		['["HTTPS://app.insigner.co/t/tpl_a"]', ['tpl_a']],
		['4711', ['4711']],
		['', []],
	])('reads %j', (entered, ids) => {
		expect(readIds(entered)).toEqual({ value: ids });
	});

	it.each<[unknown, RegExp]>([
		[5, /must be a list of IDs, but is 5/],
		[NaN, /must be a list of IDs/],
		[true, /but is true/],
		[{ id: 'tpl_a' }, /but is an object/],
		[[], /but is a list/],
		[[''], /but is a list/],
		[[5], /but is a list/],
		[['tpl_a', undefined], /but is a list/],
		[['tpl_a', null], /but is a list/],
		[[['tpl_a']], /but is a list/],
		[[{ id: 'tpl_a' }], /but is a list/],
		['[]', /but is "\[\]"/],
		['["tpl_a"', /but is "\["tpl_a""/],
		['[tpl_a]', /but is "\[tpl_a\]"/],
		['[1, 2]', /must be a list of IDs/],
		[', ;', /must be a list of IDs/],
		['{"id":"tpl_a"}', /which is not an ID/],
		['"tpl_a"', /which is not an ID/],
		['[object Object]', /must be a list of IDs/],
		['undefined', /holds "undefined", which is not an ID/],
		['tpl_a, null', /holds "null", which is not an ID/],
		['={{ $json.id }}', /which is not an ID/],
		['app.insigner.co/documents/cm1', /which is not an ID/],
		['https://', /which is not an ID/],
		['https://app.insigner.co', /which is not an ID/],
		['https://app.insigner.co/', /which is not an ID/],
		['x'.repeat(201), /which is not an ID/],
	])('refuses %j', (entered, message) => {
		expect(readIds(entered)).toEqual({ message: expect.stringMatching(message) as string });
	});
});

describe('passes', () => {
	it.each<[string, Partial<Filters>, SignatureEvent, boolean | undefined]>([
		['no filter', {}, signed, true],
		['the document', { documentId: ['cm0', 'cm1'] }, signed, true],
		['another document', { documentId: ['cm2'] }, signed, false],
		['the document of a signer', { documentId: ['cm1'] }, signer, true],
		['the id of a signer is not one of a document', { documentId: ['sr_1'] }, signer, false],
		['the template', { templateId: ['tpl_1'] }, signed, true],
		['another template', { templateId: ['tpl_2'] }, signed, false],
		['no campaign', { campaignId: ['cmp_1'] }, signed, false],
		['the template of a bulk send', { templateId: ['tpl_1'] }, bulk, true],
		['the bulk send itself', { bulkSendId: ['bs_1'] }, bulk, true],
		['a bulk send is not a document', { documentId: ['bs_1'] }, bulk, false],
		['the document of a bulk send', { bulkSendId: ['bs_1'] }, signed, true],
		['all filters must fit', { documentId: ['cm1'], templateId: ['tpl_2'] }, signed, false],
		['the event does not say', { templateId: ['tpl_1'] }, signer, undefined],
		[
			'it does not say, and another filter says no',
			{ templateId: ['t'], documentId: ['x'] },
			signer,
			false,
		],
	])('%s', (_, entered, given, expected) => {
		expect(passes(filtersOf(entered), given)).toBe(expected);
	});

	it('asks for the document if the event does not say', () => {
		const filters = filtersOf({ templateId: ['tpl_1'] });
		expect(passes(filters, signer, { templateId: 'tpl_1' })).toBe(true);
		expect(passes(filters, signer, { templateId: 'tpl_2' })).toBe(false);
		expect(passes(filters, signer, { templateId: null })).toBe(false);
		expect(passes(filters, signer, {})).toBe(false);
	});
});
