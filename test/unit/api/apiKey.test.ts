import { problemWithApiKey } from '../../../nodes/InSigner/api/apiKey';

const rest = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN_-01';

describe('problemWithApiKey', () => {
	it('accepts the documented form', () => {
		expect(rest).toHaveLength(44);
		expect(problemWithApiKey(`isk_${rest}`)).toBeUndefined();
	});

	it.each([
		['', /is empty/],
		[`isk_${rest} `, /space or a line break/],
		[`isk_${rest}\n`, /space or a line break/],
		[`sk_${rest}`, /starts with "isk_"/],
		[`isk_${rest.slice(1)}`, /this one has 43/],
		[`isk_${rest.slice(1)}+`, /letters, digits/],
	])('says what is wrong with %j without repeating the key', (key, reason) => {
		const problem = problemWithApiKey(key);
		expect(problem).toMatch(reason);
		expect(problem).not.toContain(rest.slice(1, 20));
	});
});
