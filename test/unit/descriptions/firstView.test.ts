import type { INodeParameters, INodeProperties } from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';

import { document } from '../../../nodes/InSigner/actions/document/document.resource';
import { field } from '../../../nodes/InSigner/actions/field/field.resource';
import { InSigner } from '../../../nodes/InSigner/InSigner.node';

const { description } = new InSigner();
const node = { typeVersion: 1 };

/** What n8n shows of a node in which nothing was filled in but this; a collection is one button. */
function inputsShown(chosen: INodeParameters): string[] {
	const { properties } = description;
	const values = NodeHelpers.getNodeParameters(properties, chosen, true, false, node, description);
	if (!values) throw new Error('n8n takes these parameters for none');
	return properties.flatMap((property) => shown(property, values, values));
}

function shown(
	property: INodeProperties,
	values: INodeParameters,
	root: INodeParameters,
): string[] {
	if (!NodeHelpers.displayParameter(values, property, node, description, root)) return [];
	if (property.type !== 'fixedCollection') return [property.displayName];
	return (property.options ?? []).flatMap((group) => {
		const held = (values[property.name] as Record<string, INodeParameters[]>)[group.name] ?? [];
		const inputs = 'values' in group ? group.values : [];
		return held.flatMap((row) => inputs.flatMap((input) => shown(input, row, root)));
	});
}

const createAndSend = (chosen: INodeParameters = {}) =>
	inputsShown({ resource: document.value, operation: 'createAndSend', ...chosen });

const OPTIONAL = ['Unit', 'Width', 'Height', 'Label', 'Required', 'Read Only'];

it('a new Create and Send shows 11 inputs, of which four need filling', () => {
	expect(createAndSend()).toEqual([
		...['Resource', 'Operation', 'Document Name', 'PDF Field'],
		...['Specify Signers', 'Name', 'Email', 'Role', 'Phone'],
		...['Specify Fields', 'Options'],
	]);
});

it('a node that was just added is Create and Send: there is nothing to choose', () => {
	expect(inputsShown({})).toEqual(createAndSend());
});

it.each(['bottomLeft', 'coordinates'])(
	'a field in %s keeps its details in Field Options',
	(position) => {
		const fields = { field: [{ position }] };
		const inForm = createAndSend({ specifyFields: 'form', fields });
		expect(inForm.filter((name) => OPTIONAL.includes(name))).toEqual([]);
		expect(inForm).toEqual(expect.arrayContaining(['Type', 'Signer', 'Position', 'Page']));
		expect(inForm).toContain('Field Options');
		expect(inForm.includes('X')).toBe(position === 'coordinates');

		const added = inputsShown({ resource: field.value, operation: 'add', position });
		expect(added.filter((name) => OPTIONAL.includes(name))).toEqual([]);
		expect(added).toContain('Field Options');
	},
);

it('what stands beside automatic signatures is an option only where they are placed automatically', () => {
	const options = description.properties.find(
		({ name, displayOptions }) =>
			name === 'options' && displayOptions?.show?.operation?.includes('createAndSend'),
	)?.options;
	const offered = (specifyFields: string) =>
		(options ?? []).flatMap((option) =>
			'type' in option ? shown(option, {}, { specifyFields }) : [],
		);
	expect(offered('automatic')).toEqual(
		expect.arrayContaining(['Also Add', 'Initials on Every Page']),
	);
	expect(offered('form')).not.toContain('Also Add');
	expect(offered('json')).not.toContain('Initials on Every Page');
});
