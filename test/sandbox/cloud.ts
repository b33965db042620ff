import type { ApiKeys } from './apiKeys';
import type { SandboxClock } from './clock';
import type { Forms } from './forms';
import type { Journal } from './journal';
import type { NumberedIds } from './numberedIds';
import type { PresignedUrls } from './presignedUrls';
import type { FixedWindowLimit } from './rateLimit';
import type { Reads } from './reads';
import type { Store } from './store';
import type { ResolveHost } from './webhookUrl';
import type { WebhookDeliveries } from './deliveries';

/** What a sandbox is started with. */
export interface CloudSettings {
	readonly allowLoopbackWebhooks: boolean;
	readonly resolveHost: ResolveHost;
}

/** Everything the operations need. */
export interface Cloud {
	readonly settings: CloudSettings;
	readonly store: Store;
	/** The store as reads see it. */
	readonly reads: Reads;
	/** The other forms the service is in. */
	readonly forms: Forms;
	readonly ids: NumberedIds;
	/** How long an uploaded file is processed, and the status with which sending is refused meanwhile. */
	readonly processing: { ms: number; status: 409 | 422 };
	readonly keys: ApiKeys;
	readonly clock: SandboxClock;
	readonly journal: Journal;
	readonly deliveries: WebhookDeliveries;
	readonly presigned: PresignedUrls;
	readonly limits: {
		/** Per key: 120 a minute. */
		readonly requests: FixedWindowLimit;
		/** Per organization: one per 5 minutes. */
		readonly bulkSends: FixedWindowLimit;
		/** Per user: 10 an hour. */
		readonly webhookCreations: FixedWindowLimit;
	};
	/** Where the servers listen, without a slash at the end. */
	readonly urls: { web: string; storage: string };
	/** One line about something that happened, for a person. */
	readonly log: (line: string) => void;
}

/** The link that lets its holder sign (guides/embedded-signing). */
export function signingUrl(cloud: Cloud, token: string): string {
	return `${cloud.urls.web}/sign/${token}`;
}
