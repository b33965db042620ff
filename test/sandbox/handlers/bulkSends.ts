import type { ApiKey } from '../apiKeys';
import type { Cloud } from '../cloud';
import { sendDocument } from '../lifecycle';
import { isDeliverable } from '../mail';
import { addDraftOfTemplate } from '../newDocument';
import { newId } from '../newId';
import { handle, type HandlersOf } from '../operation';
import { findOwn } from '../ownership';
import { cutPage } from '../pagination';
import type { Readable } from '../reads';
import { rateLimited, validationError } from '../problems';
import { toBulkSend } from '../representations';
import type { StoredBulkSend, StoredTemplate } from '../store';

type BulkSendOperations = 'listBulkSends' | 'createBulkSend' | 'getBulkSend' | 'deleteBulkSend';

/** The operations on bulk sends (api/bulk-send, guides/bulk-sending). */
export function bulkSendHandlers(cloud: Cloud): HandlersOf<BulkSendOperations> {
	const find = (caller: ApiKey, id: string, from: Readable = cloud.store): StoredBulkSend =>
		findOwn(from.bulkSends, caller, id, 'Bulk send');
	return {
		listBulkSends: handle('listBulkSends', ({ caller, query }) => {
			const wanted = cloud.reads.current.bulkSends
				.newestFirst(caller.organizationId)
				.filter(({ item }) => query.status === undefined || item.status === query.status);
			const page = cutPage(wanted, query);
			return { status: 200, json: { data: page.items.map(toBulkSend), meta: page.meta } };
		}),

		// Synchronous: the answer follows once every document was created and sent (api/bulk-send).
		createBulkSend: handle(
			'createBulkSend',
			({ caller, body }) => {
				const template = findOwn(cloud.store.templates, caller, body.templateId, 'Template');
				const now = cloud.clock.iso();
				const bulkSend = cloud.store.bulkSends.add({
					id: newId('bs_'),
					organizationId: caller.organizationId,
					name: body.name,
					status: 'processing',
					totalCount: body.signers.length,
					sentCount: 0,
					failedCount: 0,
					templateId: template.id,
					createdAt: now,
					updatedAt: now,
				});
				for (const recipient of body.signers) {
					if (!isDeliverable(recipient.email)) {
						bulkSend.failedCount += 1;
						continue;
					}
					const name = `${body.name} - ${recipient.name}`;
					const values = { name, message: body.emailMessage, bulkSendId: bulkSend.id };
					sendDocument(cloud, addDraftOfTemplate(cloud, template, values, [recipient]));
					bulkSend.sentCount += 1;
				}
				bulkSend.status = bulkSend.sentCount > 0 ? 'completed' : 'failed';
				bulkSend.updatedAt = cloud.clock.iso();
				const event = bulkSend.status === 'completed' ? 'bulk_send.completed' : 'bulk_send.failed';
				cloud.deliveries.emit(caller.organizationId, event, toBulkSend(bulkSend));
				return { status: 201, json: { data: toBulkSend(bulkSend) } };
			},
			({ caller, body }) => {
				const template = findOwn(cloud.store.templates, caller, body.templateId, 'Template');
				requireOneSlot(template);
				const window = cloud.limits.bulkSends.take(caller.organizationId, cloud.clock.now());
				if (!window.allowed) throw rateLimited('One bulk send per interval', window.resetSeconds);
			},
		),

		getBulkSend: handle('getBulkSend', ({ caller, path }) => {
			return {
				status: 200,
				json: { data: toBulkSend(find(caller, path.bulkSendId, cloud.reads.current)) },
			};
		}),

		deleteBulkSend: handle('deleteBulkSend', ({ caller, path }) => {
			const bulkSend = find(caller, path.bulkSendId);
			cloud.store.bulkSends.delete(bulkSend.id);
			return { status: 200, json: { data: { id: bulkSend.id, deleted: true } } };
		}),
	};
}

/**
 * A recipient fills one slot. That a template needs at least one is documented; what happens to further ones is not,
 * and a document no one can complete is no use: 422 for both.
 */
function requireOneSlot(template: StoredTemplate): void {
	if (template.slots.length !== 1) {
		const message = `The template has ${template.slots.length} signer slots, it must have one`;
		throw validationError([{ field: 'templateId', message }]);
	}
}
