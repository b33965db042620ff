import type { DataOf } from '../../api/endpoint';
import type { EntryOf } from '../../api/pagination';
import { pick } from '../simplify';

type Detail = DataOf<'getTemplate'>;

const KEYS = ['id', 'name', 'description', 'category', 'updatedAt'] as const;

/**
 * A template of the list without what a workflow rarely needs.
 *
 * @param template - as the API gives it
 */
export function simpleTemplate(template: EntryOf<'listTemplates'>): object {
	return pick(template, [...KEYS, '_count']);
}

/**
 * One template without what a workflow rarely needs.
 *
 * @param template - as the API gives it
 * @returns each field without its place on the page
 */
export function simpleTemplateDetail(template: Detail): object {
	return {
		...pick(template, [...KEYS, 'signers']),
		fields: template.fields.map((field) =>
			pick(field, ['id', 'type', 'label', 'page', 'required', 'assignedTo']),
		),
	};
}
