import { choicesIn } from '../../../nodes/InSigner/json/choices';

const RED = { value: 'Red', label: 'Red' };

it.each<[string, unknown, ReturnType<typeof choicesIn>]>([
	['a list', ['Red', ' ', 'Blue '], [RED, { value: 'Blue', label: 'Blue' }]],
	['JSON', '["Red"]', [RED]],
	['a text', 'Red, 2', [RED, { value: '2', label: '2' }]],
	['a list of numbers', [12], [{ value: '12', label: '12' }]],
	['values with labels', [{ label: 'Rot', value: 'Red' }], [{ value: 'Red', label: 'Rot' }]],
	['labels alone', [{ label: 'Red' }], [RED]],
	['values alone', [{ value: 'Red' }], [RED]],
	['neither', [{ colour: 'Red' }, null, true], []],
	['nothing', null, []],
	['an empty text', '', []],
])('choices are read from %s', (_, options, expected) => {
	expect(choicesIn(options)).toEqual(expected);
});
