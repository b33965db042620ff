import { NO_SUCH_ID } from './belongings';
import { isItem } from './exchange';

/** Headers that are reported with their values; all others only by name. */
const TOLD_HEADERS = new Set([
	'allow',
	'content-length',
	'content-type',
	'ratelimit-limit',
	'ratelimit-remaining',
	'ratelimit-reset',
	'retry-after',
	'x-request-id',
]);

/** Keys whose values are the service's own words and belong to no one. */
const TOLD_KEYS = new Set([
	...['status', 'role', 'type', 'signingType', 'signatureLevel', 'timestampProvider'],
	...['defaultOtpMethod', 'event', 'contentType', 'field', 'code'],
]);

/** Keys of an error whose texts people read: personal data is removed from them, the rest stays. */
const MESSAGE_KEYS = new Set(['detail', 'message', 'error', 'title']);

/** A word of a service: nothing that names anyone. */
const WORD = /^(?=.{1,60}$)[A-Za-z]+([-_./:+][A-Za-z0-9]+)*$/;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;
const ADDRESS = /[^\s@"'<>(),;:]+@[^\s@"'<>(),;:]+/g;
const LINK = /\b[a-z][a-z0-9+.-]*:\/\/[^\s"'<>]+/gi;
const KEY = /\bisk_[\w-]*/g;
const PROBLEM_TYPE = /^https:\/\/docs\.insigner\.(com|co)\/[\w/.-]*$/;

/** Longer texts are cut. */
const LONGEST = 500;

/**
 * Removes what is private from a report: keys, secrets, links, storage addresses, names and addresses. Texts are kept
 * only if they are known to be words of the service or of this run; of all others only the length remains. The same
 * id, name or address always gets the same replacement, so that a report can be followed.
 */
export class Redaction {
	private readonly replacements = new Map<string, string>();
	private readonly counts = new Map<string, number>();
	private readonly ownTexts = new Set([NO_SUCH_ID, '%PDF-']);
	private readonly secrets = new Set<string>();

	/**
	 * @param secrets - what must never appear and is known beforehand: the key, the address
	 * @param runName - the name of everything that the run creates
	 */
	constructor(
		secrets: readonly string[],
		private readonly runName: string,
	) {
		secrets.forEach((secret) => this.secrets.add(secret));
	}

	/**
	 * Learns what the run itself has sent, which is not private except for addresses, links and ids.
	 *
	 * @param sent - the body of a request
	 */
	learn(sent: unknown, key = ''): void {
		if (Array.isArray(sent)) sent.forEach((one) => this.learn(one, key));
		if (isItem(sent)) Object.entries(sent).forEach(([name, inner]) => this.learn(inner, name));
		if (typeof sent !== 'string' || isIdKey(key) || key === 'cursor') return;
		if (sent.search(ADDRESS) < 0 && sent.search(LINK) < 0) this.ownTexts.add(sent);
	}

	/**
	 * A body without personal data.
	 *
	 * @param body - as sent or received
	 * @param isError - whether it is an error, whose texts are the service's
	 */
	body(body: unknown, isError = false): unknown {
		if (typeof body !== 'string' || !isError) return this.value(body, '', isError);
		return body.trimStart().startsWith('<')
			? `[page of ${body.length} characters]`
			: this.text(body);
	}

	private value(value: unknown, key: string, isError: boolean): unknown {
		if (Array.isArray(value)) return value.map((one) => this.value(one, key, isError));
		if (isItem(value)) {
			return Object.fromEntries(
				Object.entries(value).map(([name, inner]) => [name, this.value(inner, name, isError)]),
			);
		}
		if (typeof value === 'number' && isIdKey(key)) return this.known('id', String(value));
		if (typeof value !== 'string') return value;
		return isError && MESSAGE_KEYS.has(key) ? this.text(value) : this.string(value, key);
	}

	/**
	 * A text for people without personal data.
	 *
	 * @param text - for example what an error says
	 */
	text(text: string): string {
		let clean = text
			.replace(KEY, '[key]')
			.replace(LINK, (link) => (PROBLEM_TYPE.test(link) ? link : this.known('link', link)))
			.replace(ADDRESS, (address) => this.known('address', address.toLowerCase()));
		// Names and ids that were seen elsewhere; the longest first, since one may contain another.
		const seen = [...this.replacements].sort(([one], [other]) => other.length - one.length);
		for (const [original, replacement] of seen) {
			if (original.length >= 4 && clean.includes(original)) {
				clean = clean.split(original).join(replacement);
			}
		}
		return clean.length > LONGEST ? `${clean.slice(0, LONGEST)}...` : clean;
	}

	/** The headers of an answer: values of those that are known to be harmless, names of the others. */
	headers(headers: Readonly<Record<string, string>>): Record<string, unknown> {
		const entries = Object.entries(headers);
		const others = entries.map(([name]) => name).filter((name) => !TOLD_HEADERS.has(name));
		return {
			...Object.fromEntries(entries.filter(([name]) => TOLD_HEADERS.has(name))),
			...(others.length > 0 && { 'also there': others.sort() }),
		};
	}

	/**
	 * The path of a request, with the ids in it replaced.
	 *
	 * @param path - with its query; or an address of the storage
	 */
	path(path: string): string {
		if (/^[a-z]+:\/\//i.test(path)) return this.known('storage', path);
		const [way = '', query = ''] = path.split('?');
		const parts = way.split('/').map((part) => {
			const id = decodeURIComponent(part);
			return this.replacements.get(id) ?? (isOfPath(id) ? part : this.known('id', id));
		});
		const search = [...new URLSearchParams(query)].map(([name, value]) => {
			const told = name === 'limit' || name === 'status';
			const shown = told ? value : this.string(value, name);
			return `${name}=${shown}`;
		});
		return parts.join('/') + (search.length > 0 ? `?${search.join('&')}` : '');
	}

	/**
	 * Checks once more what is about to be written.
	 *
	 * @param text - the whole report
	 * @throws Error if something is left in it that must not be
	 */
	requireClean(text: string): void {
		const kept = [...this.secrets].filter((secret) => secret !== '' && text.includes(secret));
		const links = (text.match(LINK) ?? []).filter((link) => !PROBLEM_TYPE.test(link));
		const [address] = text.match(ADDRESS) ?? [];
		if (kept.length > 0 || links.length > 0 || address !== undefined || text.search(KEY) >= 0) {
			throw new Error(
				'The report was not written: something personal was left in it. Please tell us that this happened, without the report.',
			);
		}
	}

	private string(value: string, key: string): string {
		if (value === '') return value;
		if (key === 'secret') {
			this.secrets.add(value);
			return `[secret of ${value.length} characters]`;
		}
		if (this.ownTexts.has(value) || TIME.test(value)) return value;
		if (value.startsWith(this.runName)) return value;
		if (PROBLEM_TYPE.test(value)) return value;
		if (/^[a-z][a-z0-9+.-]*:\/\//i.test(value)) {
			this.secrets.add(value);
			return this.known('link', value);
		}
		if (/^[^\s@]+@[^\s@]+$/.test(value)) {
			this.secrets.add(value);
			return this.known('address', value.toLowerCase());
		}
		if (isIdKey(key)) return this.known('id', value);
		if (key === 'cursor' || key === 'nextCursor') return this.known('cursor', value);
		if (key === 'name') return this.known('name', value);
		if (TOLD_KEYS.has(key) && WORD.test(value)) return value;
		if (key === 'events' || key === 'options') return this.list(value);
		if (key === 'assignedTo') return this.replacements.get(value) ?? value;
		return `[text of ${value.length} characters]`;
	}

	/** A text that contains a JSON list of words. */
	private list(value: string): string {
		try {
			const parsed: unknown = JSON.parse(value);
			return JSON.stringify(this.value(parsed, '', false));
		} catch {
			return `[text of ${value.length} characters]`;
		}
	}

	private known(kind: string, original: string): string {
		const existing = this.replacements.get(original);
		if (existing !== undefined) return existing;
		const count = (this.counts.get(kind) ?? 0) + 1;
		this.counts.set(kind, count);
		const prefix = /^[a-z]{2,4}_(?=\w)/.exec(original)?.[0] ?? '';
		const replacement = kind === 'id' ? `[${prefix}id ${count}]` : `[${kind} ${count}]`;
		this.replacements.set(original, replacement);
		return replacement;
	}
}

function isIdKey(key: string): boolean {
	return key === 'id' || /[a-z]Id$/.test(key);
}

/** The parts of paths that are words of the API. */
function isOfPath(part: string): boolean {
	return part === NO_SUCH_ID || (/^[a-z-]+$/.test(part) && part.length < 40) || part === '';
}
