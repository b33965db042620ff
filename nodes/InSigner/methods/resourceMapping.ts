import type { ILoadOptionsFunctions, ResourceMapperFields } from 'n8n-workflow';

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
