import { passes, readFilters } from '../../../nodes/InSigner/trigger/filters';
import type { SignatureEvent } from '../../../nodes/InSigner/trigger/events';

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

describe('readFilters', () => {
	it('takes ids separated in any way, and lists of them', () => {
		expect(
			readFilters({ documentId: ' cm1, cm2\ncm3;cm4 ', templateId: ['tpl_1', 'tpl_2 tpl_3'] }),
		).toEqual({
			documentId: ['cm1', 'cm2', 'cm3', 'cm4'],
			templateId: ['tpl_1', 'tpl_2', 'tpl_3'],
			campaignId: [],
			bulkSendId: [],
		});
	});
});

describe('passes', () => {
	it.each<[string, Parameters<typeof readFilters>[0], SignatureEvent, boolean | undefined]>([
		['no filter', {}, signed, true],
		['the document', { documentId: 'cm0,cm1' }, signed, true],
		['another document', { documentId: 'cm2' }, signed, false],
		['the document of a signer', { documentId: 'cm1' }, signer, true],
		['the id of a signer is not one of a document', { documentId: 'sr_1' }, signer, false],
		['the template', { templateId: 'tpl_1' }, signed, true],
		['another template', { templateId: 'tpl_2' }, signed, false],
		['no campaign', { campaignId: 'cmp_1' }, signed, false],
		['the template of a bulk send', { templateId: 'tpl_1' }, bulk, true],
		['the bulk send itself', { bulkSendId: 'bs_1' }, bulk, true],
		['a bulk send is no document', { documentId: 'bs_1' }, bulk, false],
		['the document of a bulk send', { bulkSendId: 'bs_1' }, signed, true],
		['all filters must fit', { documentId: 'cm1', templateId: 'tpl_2' }, signed, false],
		['the event does not say', { templateId: 'tpl_1' }, signer, undefined],
		[
			'it does not say, and another filter says no',
			{ templateId: 't', documentId: 'x' },
			signer,
			false,
		],
	])('%s', (_, entered, given, expected) => {
		expect(passes(readFilters(entered), given)).toBe(expected);
	});

	it('asks the document where the event does not say', () => {
		const filters = readFilters({ templateId: 'tpl_1' });
		expect(passes(filters, signer, { templateId: 'tpl_1' })).toBe(true);
		expect(passes(filters, signer, { templateId: 'tpl_2' })).toBe(false);
		expect(passes(filters, signer, { templateId: null })).toBe(false);
		expect(passes(filters, signer, {})).toBe(false);
	});
});
