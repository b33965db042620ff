import { pathSegment } from '../../../nodes/InSigner/api/pathSegment';

describe('pathSegment', () => {
	it('keeps an ID and encodes everything that would leave its segment', () => {
		expect(pathSegment('cm1a2b')).toBe('cm1a2b');
		expect(pathSegment(7)).toBe('7');
		expect(pathSegment('../org?x=1#y')).toBe('..%2Forg%3Fx%3D1%23y');
	});

	it.each(['', '.', '..', null, undefined, {}])('refuses %p', (id) => {
		expect(() => pathSegment(id)).toThrow('is not an ID');
	});
});
