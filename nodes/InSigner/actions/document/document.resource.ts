import type { Resource } from '../operation';
import { cancel } from './cancel.operation';
import { create } from './create.operation';
import { createAndSend } from './createAndSend.operation';
import { createAndSendFromTemplate } from './createAndSendFromTemplate.operation';
import { deleteDocument } from './delete.operation';
import { download } from './download.operation';
import { get } from './get.operation';
import { getMany } from './getMany.operation';
import { getSigningLinks } from './getSigningLinks.operation';
import { send } from './send.operation';
import { sendReminder } from './sendReminder.operation';
import { update } from './update.operation';
import { uploadFile } from './uploadFile.operation';

export const document: Resource = {
	name: 'Document',
	value: 'document',
	operations: [
		createAndSend,
		createAndSendFromTemplate,
		cancel,
		create,
		deleteDocument,
		download,
		get,
		getMany,
		getSigningLinks,
		send,
		sendReminder,
		update,
		uploadFile,
	],
};
