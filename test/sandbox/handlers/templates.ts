import type { Cloud } from '../cloud';
import { sendDocument } from '../lifecycle';
import { addDraftOfTemplate, addUnasked, requireFuture, takeFile } from '../newDocument';
import { handle, type HandlersOf } from '../operation';
import { findOwn } from '../ownership';
import { cutPage } from '../pagination';
import { validationError } from '../problems';
import { toDocument, toTemplate, toTemplateDetail } from '../representations';

type TemplateOperations = 'listTemplates' | 'getTemplate' | 'useTemplate';

/** The operations on templates (api/templates). */
export function templateHandlers(cloud: Cloud): HandlersOf<TemplateOperations> {
	return {
		listTemplates: handle('listTemplates', ({ caller, query }) => {
			const text = query.search?.toLowerCase() ?? '';
			const wanted = cloud.store.templates
				.newestFirst(caller.organizationId)
				.filter(({ item }) => query.category === undefined || item.category === query.category)
				.filter(({ item }) => item.name.toLowerCase().includes(text));
			const page = cutPage(wanted, query);
			return { status: 200, json: { data: page.items.map(toTemplate), meta: page.meta } };
		}),

		getTemplate: handle('getTemplate', ({ caller, path }) => {
			const template = findOwn(cloud.store.templates, caller, path.templateId, 'Template');
			return { status: 200, json: { data: toTemplateDetail(template) } };
		}),

		useTemplate: handle('useTemplate', ({ caller, path, body }) => {
			const template = findOwn(cloud.store.templates, caller, path.templateId, 'Template');
			const { signers = [], name = template.name, ...values } = body;
			requireFuture(values.expiresAt, cloud.clock.now());
			const { forms } = cloud;
			if (forms.useTakesOnlyName && body.signers) {
				throw validationError([{ field: 'signers', message: 'Unknown property' }]);
			}
			const takesSigners = !forms.useTakesOnlyName && !forms.useIgnoresSigners;
			if (takesSigners && signers.length !== template.slots.length) {
				const message = `One signer for each of the ${template.slots.length} slots is required`;
				throw validationError([{ field: 'signers', message }]);
			}
			const recipients = takesSigners ? signers : [];
			const sendsAtOnce = forms.useSendsAtOnce && takesSigners;
			const document = addDraftOfTemplate(cloud, template, { ...values, name }, recipients);
			if (forms.useGivesOrderZero) for (const signer of document.signers) signer.order = 0;
			addUnasked(cloud, document);
			// Without signers there is no one to send it to.
			if (sendsAtOnce) sendDocument(cloud, document);
			else takeFile(cloud, document, template.pdf);
			return { status: 201, json: { data: toDocument(document) } };
		}),
	};
}
