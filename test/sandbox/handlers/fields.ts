import type { ApiKey } from '../apiKeys';
import type { Cloud } from '../cloud';
import { requireDraft, touch } from '../lifecycle';
import { newId } from '../newId';
import { handle, type HandlersOf } from '../operation';
import { findField, findOwn } from '../ownership';
import { notFound } from '../problems';
import type { Readable } from '../reads';
import { inReadingOrder } from '../representations';
import type { StoredDocument, StoredField } from '../store';

type FieldOperations = 'listFields' | 'addField' | 'updateField' | 'removeField';

/** The operations on the fields of a document (api/fields, guides/embedded-signing). */
export function fieldHandlers(cloud: Cloud): HandlersOf<FieldOperations> {
	const find = (caller: ApiKey, id: string, from: Readable = cloud.store): StoredDocument =>
		findOwn(from.documents, caller, id, 'Document');
	return {
		listFields: handle('listFields', ({ caller, path }) => {
			const document = find(caller, path.documentId, cloud.reads.current);
			return { status: 200, json: { data: inReadingOrder(document.fields) } };
		}),

		addField: handle('addField', ({ caller, path, body }) => {
			const document = find(caller, path.documentId);
			requireDraft(document);
			const field: StoredField = {
				id: newId('fld_'),
				type: body.type,
				label: body.label ?? null,
				page: body.page,
				x: body.x,
				y: body.y,
				width: body.width,
				height: body.height,
				required: body.required ?? true,
				readOnly: body.readOnly ?? false,
				assignedTo: body.assignedTo,
				placeholder: body.placeholder ?? null,
				defaultValue: body.defaultValue ?? null,
				options: body.options ?? null,
				validation: body.validation ?? null,
				group: body.group ?? null,
				format: body.format ?? null,
				documentId: document.id,
			};
			document.fields.push(field);
			touch(cloud, document);
			return { status: 201, json: { data: field } };
		}),

		updateField: handle('updateField', ({ caller, path, body }) => {
			const { fieldUpdateUnknown, fieldUpdateRefused, readOnlyIgnored } = cloud.forms;
			if (fieldUpdateUnknown || fieldUpdateRefused) throw notFound('Endpoint');
			const document = find(caller, path.documentId);
			const field = findField(document, path.fieldId);
			requireDraft(document);
			Object.assign(field, body, readOnlyIgnored && { readOnly: field.readOnly });
			touch(cloud, document);
			return { status: 200, json: { data: field } };
		}),

		removeField: handle('removeField', ({ caller, path }) => {
			const document = find(caller, path.documentId);
			const field = findField(document, path.fieldId);
			requireDraft(document);
			document.fields = document.fields.filter((other) => other !== field);
			touch(cloud, document);
			return { status: 200, json: { data: { id: field.id, deleted: true } } };
		}),
	};
}
