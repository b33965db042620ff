import { Agent } from 'undici';
import { ApiKeys } from './apiKeys';
import { registerApi, API_ROOT } from './apiRoutes';
import { SandboxClock } from './clock';
import type { Cloud } from './cloud';
import { loadContract } from './contract';
import { registerControls } from './controlRoutes';
import { FaultPlay } from './faultPlay';
import { Faults, type FaultHandle, type FaultRule } from './faults';
import { eventInForms, formsWith, type FormName, type Forms } from './forms';
import { registerFrontPage } from './frontPage';
import { listen, makeServer } from './httpServer';
import { Journal } from './journal';
import { takeFile } from './newDocument';
import { NumberedIds } from './numberedIds';
import { PresignedUrls } from './presignedUrls';
import { FixedWindowLimit } from './rateLimit';
import { Reads } from './reads';
import { seededStore } from './seed';
import { actOnPage } from './signingPerson';
import { registerSigning } from './signingRoutes';
import { registerStorage } from './storageRoutes';
import type { Store, StoredDocument } from './store';
import { WebhookDeliveries } from './deliveries';
import { resolveBySystem, type ResolveHost } from './webhookUrl';

export type { Fault, FaultHandle, FaultRule } from './faults';
export { FORM_NAMES, meaningOf, type FormName, type Forms } from './forms';
export type { Journal, JournalDelivery, JournalEmail, JournalRequest } from './journal';
export type * from './store';

export interface SandboxOptions {
	/** 127.0.0.1 if left out. */
	host?: string;
	/** 0, the default, takes any free one. */
	apiPort?: number;
	storagePort?: number;
	/** A key with scope `*`; a random one if left out. */
	apiKey?: string;
	/** Whether webhooks may point at this machine, over HTTP too. True if left out. */
	allowLoopbackWebhooks?: boolean;
	/** Per key; 120 if left out. */
	requestsPerMinute?: number;
	/** One bulk send per so many seconds and organization; 300 if left out. */
	bulkSendIntervalSeconds?: number;
	/** How many additional templates to seed. */
	templates?: number;
	/** The other forms the service is in; see forms.ts. They can be switched later too. */
	forms?: readonly FormName[];
	/** How long a webhook may take to answer, in real ms; 10 000 if left out (webhooks/overview). */
	deliveryTimeoutMs?: number;
	/** How the host of a webhook URL is resolved; by the system if left out. */
	resolveHost?: ResolveHost;
	logger?: (line: string) => void;
}

export interface Sandbox {
	/** Base URL of the API, for the credential. */
	readonly apiUrl: string;
	/** Origin of API and signing pages. */
	readonly webUrl: string;
	/** Origin of the storage. */
	readonly storageUrl: string;
	readonly apiKey: string;
	/** Makes another key and returns it. */
	createKey(options: {
		scopes: string[];
		name?: string;
		state?: 'active' | 'revoked' | 'expired';
		organization?: 'own' | 'other';
	}): string;
	readonly clock: {
		/** Milliseconds since 1970. */
		now(): number;
		/** Moves the clock and runs everything that becomes due; resolves when the deliveries have ended. */
		advance(ms: number): Promise<void>;
	};
	readonly faults: { add(rule: FaultRule): FaultHandle; clear(): void };
	readonly journal: Journal;
	readonly store: Store;
	/** Switches for the forms in which the service may differ from its contract. */
	readonly forms: Forms;
	/** Which numbers stand for ids if `forms.idsAsNumbers` is on. */
	readonly ids: NumberedIds;
	/**
	 * From now on documents, signers, fields and bulk sends are read as they were so many ms ago, so a document
	 * created since is not found. What is in the store at this moment is seen at once. 0 ends it.
	 */
	lagReads(ms: number): void;
	/**
	 * From now on a file that was uploaded is processed for so many ms: the document has none until then, and sending
	 * it is refused with the status. 0 ends it. The files of the drafts given are processed from now on too.
	 */
	processFiles(ms: number, status?: 409 | 422, drafts?: readonly StoredDocument[]): void;
	/** Does over HTTP what the person does on the page. */
	sign(documentId: string, signerEmail: string): Promise<void>;
	decline(documentId: string, signerEmail: string): Promise<void>;
	/** Resolves when no delivery is in flight. */
	settled(): Promise<void>;
	/** Closes both servers and stops everything that runs. */
	stop(): Promise<void>;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** Starts a local inSigner Cloud: API and signing pages on one port, storage on another. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
	const log = options.logger ?? (() => undefined);
	const host = options.host ?? '127.0.0.1';
	const contract = await loadContract();
	const clock = new SandboxClock();
	const journal = new Journal();
	const store = await seededStore(options.templates ?? 0, clock.iso());
	const timeoutMs = options.deliveryTimeoutMs ?? 10_000;
	const forms = formsWith(options.forms);
	const ids = new NumberedIds();
	const deliveries = new WebhookDeliveries(store, clock, journal, timeoutMs, log, (event) =>
		eventInForms(forms, event, { documents: store.documents, ids }),
	);
	const keys = new ApiKeys();
	const cloud: Cloud = {
		settings: {
			allowLoopbackWebhooks: options.allowLoopbackWebhooks ?? true,
			resolveHost: options.resolveHost ?? resolveBySystem,
		},
		store,
		reads: new Reads(store, clock),
		forms,
		ids,
		processing: { ms: 0, status: 409 },
		keys,
		clock,
		journal,
		deliveries,
		presigned: new PresignedUrls(),
		limits: {
			requests: new FixedWindowLimit(options.requestsPerMinute ?? 120, MINUTE_MS),
			bulkSends: new FixedWindowLimit(1, (options.bulkSendIntervalSeconds ?? 300) * 1000),
			webhookCreations: new FixedWindowLimit(10, HOUR_MS),
		},
		urls: { web: '', storage: '' },
		log,
	};

	const createKey: Sandbox['createKey'] = (wanted) => makeKey(cloud, wanted, undefined);
	const apiKey = makeKey(cloud, { scopes: ['*'], name: 'Sandbox' }, options.apiKey);

	const faults = new Faults();
	const faultPlay = new FaultPlay(clock, log);
	const api = makeServer(log);
	registerApi(api, cloud, contract, faults, faultPlay);
	registerSigning(api, cloud);
	registerControls(api, cloud, faults);
	registerFrontPage(api, cloud);
	const storage = makeServer(log);
	registerStorage(storage, cloud, faults, faultPlay);
	cloud.urls.web = await listen(api, host, options.apiPort ?? 0);
	try {
		cloud.urls.storage = await listen(storage, host, options.storagePort ?? 0);
	} catch (error) {
		await api.close();
		throw error;
	}
	const person = new Agent();

	return {
		apiUrl: cloud.urls.web + API_ROOT,
		webUrl: cloud.urls.web,
		storageUrl: cloud.urls.storage,
		apiKey,
		createKey,
		clock: {
			now: () => clock.now(),
			advance: async (ms) => {
				await clock.advance(ms);
				await deliveries.settled();
			},
		},
		faults,
		journal,
		store,
		forms,
		ids,
		lagReads: (ms) => cloud.reads.lagBy(ms),
		processFiles: (ms, status = 409, drafts = []) => {
			cloud.processing.ms = ms;
			cloud.processing.status = status;
			for (const draft of drafts) if (draft.pdf) takeFile(cloud, draft, draft.pdf);
		},
		sign: (documentId, email) => actOnPage(cloud, person, documentId, email, 'sign'),
		decline: (documentId, email) => actOnPage(cloud, person, documentId, email, 'decline'),
		settled: () => deliveries.settled(),
		stop: async () => {
			clock.stop();
			faultPlay.stop();
			await deliveries.stop();
			await person.close();
			await Promise.all([api.close(), storage.close()]);
		},
	};
}

function makeKey(
	cloud: Cloud,
	wanted: Parameters<Sandbox['createKey']>[0],
	key: string | undefined,
): string {
	const organization = cloud.store.organizations[wanted.organization ?? 'own'];
	return cloud.keys.create({
		key,
		name: wanted.name ?? 'Key',
		scopes: wanted.scopes,
		state: wanted.state ?? 'active',
		organizationId: organization.id,
		userId: organization.members[0]?.id ?? organization.id,
	}).key;
}
