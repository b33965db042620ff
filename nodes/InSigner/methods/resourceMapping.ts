import type { ILoadOptionsFunctions, ResourceMapperFields } from 'n8n-workflow';

import { toValueInputs } from '../templates/fieldValues';
import { toMapperFields } from '../templates/slots';
import { request } from '../api/request';
import { chosenTemplate } from '../parameters/pickers';

/**
 * The slots of the chosen template as inputs; for the Signers parameter of Template: Create Document.
 *
 * @returns name, email and phone of each slot; none before a template is chosen
 * @throws InSignerApiError as request()
 * @see https://docs.insigner.co/api/templates
 */
export async function templateSlots(this: ILoadOptionsFunctions): Promise<ResourceMapperFields> {
	const templateId = chosenTemplate(this);
	if (!templateId) {
		return { fields: [], emptyFieldsNotice: 'Choose a template to see its signer slots.' };
	}
	const { data } = await request(this, 'getTemplate', { path: { templateId } });
	return { fields: toMapperFields(data.signers) };
}

/**
 * The fields of the chosen template that hold a value, as inputs; for the Values parameter of Template: Create Document.
 *
 * @returns one input for each field; none before a template is chosen
 * @throws InSignerApiError as request()
 * @see https://docs.insigner.co/api/templates
 */
export async function templateFields(this: ILoadOptionsFunctions): Promise<ResourceMapperFields> {
	const templateId = chosenTemplate(this);
	if (!templateId) {
		return { fields: [], emptyFieldsNotice: 'Choose a template to see its fields.' };
	}
	const { data } = await request(this, 'getTemplate', { path: { templateId } });
	return { fields: toValueInputs(data) };
}
