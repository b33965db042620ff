import type { EndpointName } from '../../nodes/InSigner/api/endpoint';
import { endpoints } from '../../nodes/InSigner/api/endpoints';
import { nameOf } from './differences';
import { PAGE } from './fieldPlan';
import { numberOf } from './exchange';
import type { ComparedField, Seen } from './seen';

/** The verdict on an inference. */
export interface Verdict {
	readonly is: 'confirmed' | 'refuted' | 'not tested';
	/** What was seen, or why nothing was. */
	readonly text: string;
	/** If confirmed: which part of it was not looked at. */
	readonly open?: string;
}

/** Reads a verdict from what was seen; undefined if nothing about it was looked at. */
export type Judge = (seen: Seen) => Verdict | undefined;

const confirmed = (text: string, open?: string): Verdict => ({
	is: 'confirmed',
	text,
	...(open !== undefined && { open }),
});
const refuted = (text: string): Verdict => ({ is: 'refuted', text });

/**
 * Judges whether endpoints exist and do what they should.
 *
 * @param names - the endpoints of one inference
 * @param row - its number, for the reason why something was not looked at
 * @param option - the option with which they are used, if any
 */
export function judgeEndpoints(
	names: readonly EndpointName[],
	row: number,
	option?: string,
): Judge {
	return (seen) => {
		const wrong: string[] = [];
		const right: string[] = [];
		const open: string[] = [];
		for (const name of names) {
			const presence = seen.endpoints.get(name);
			const effect = seen.effects.get(name);
			const title = nameOf(name);
			if (presence?.is === 'absent') {
				wrong.push(`${title}: there is no such endpoint (${presence.words})`);
			} else if (effect && !effect.done) {
				wrong.push(`${title}: ${effect.words}`);
			} else if (effect) {
				right.push(`${title} works (${effect.words})`);
			} else if (presence?.is === 'there') {
				right.push(`${title} is there (${presence.words})`);
				open.push(`what ${endpoints[name].method} does`);
			} else {
				open.push(`${title}${presence ? ` (${presence.words})` : ''}`);
			}
		}
		if (wrong.length > 0) return refuted(sentence(wrong));
		if (right.length === 0) return undefined;
		if (open.length === 0) return confirmed(sentence(right));
		const reason = seen.why.get(row) ?? (option && `It takes ${option}`);
		return confirmed(
			sentence(right),
			[[...new Set(open)].join(', '), reason].filter(Boolean).join('. '),
		);
	};
}

/** 5: the form of a download. */
export const judgeDownload: Judge = ({ endpoints: there, download }) => {
	const presence = there.get('downloadDocument');
	if (download?.form === 'json') return confirmed('It answers JSON with the address of the PDF.');
	if (presence?.is === 'absent') {
		return refuted(`There is no GET /documents/{documentId}/download (${presence.words}).`);
	}
	if (download?.form === 'redirect') {
		return refuted(
			`It answers with a redirect (${download.words}), not JSON. The nodes follow it.`,
		);
	}
	if (download?.form === 'bytes') {
		return refuted('It answers with the PDF itself, not JSON. The nodes take it.');
	}
	if (download) return refuted(`It answers in another form: ${download.words}.`);
	if (presence?.is !== 'there') return undefined;
	return confirmed(
		`The endpoint is there (${presence.words}).`,
		'the form of the answer, which takes a completed document',
	);
};

/** 6: the shape of a document that is read on its own. */
export const judgeShape: Judge = ({ shape }) => {
	if (!shape) return undefined;
	if (shape.length > 0) return refuted(sentence(shape));
	return confirmed('It has signers, fields and message.');
};

/** 7: answers of which only the id is documented. */
export const judgeAnswers: Judge = ({ lacking }) => {
	const problems = [...lacking].flatMap(([name, lacks]) =>
		lacks.map((what) => `${nameOf(name)} ${what}`),
	);
	if (problems.length > 0) return refuted(sentence(problems));
	if (lacking.size === 0) return undefined;
	const wanted: EndpointName[] = ['createDocument', 'requestUpload', 'sendDocument'];
	const missing = wanted.filter((name) => !lacking.has(name)).map(nameOf);
	return confirmed(
		'Creating and sending answer with the whole document, and an upload with uploadUrl.',
		missing.length > 0 ? missing.join(', ') : undefined,
	);
};

/** 9: unit and origin. */
export const judgePlaces: Judge = ({ fields, person }) => {
	if (fields.length === 0) return undefined;
	const change = changeOf(fields);
	if (change !== undefined) return refuted(`Places are read back ${change}.`);
	if (person.places && !person.places.yes) {
		return refuted(
			`They are kept as sent, but do not show on their frames${remark(person.places)}.`,
		);
	}
	const text = `${fields.length} places are read back as they were sent, to the hundredth of a point`;
	return person.places
		? confirmed(`${text}, and show on their frames.`)
		: confirmed(`${text}.`, 'where the page shows them, which only a person can see');
};

/** 10: who a field belongs to. */
export const judgeOwners: Judge = ({ fields, signers, person }) => {
	if (fields.length === 0 && signers.length === 0) return undefined;
	const problems = (['sequential', 'parallel'] as const).flatMap((type) => {
		const changed = signers
			.filter(({ signingType }) => signingType === type)
			.map(({ sentOrder, readOrder }) => ({ sent: sentOrder, read: readOrder }))
			.filter(({ sent, read }) => numberOf(read) !== sent);
		return readBack(`in a ${type} document the order of a signer`, changed);
	});
	const changed = fields
		.map(({ sent, read }) => ({ sent: sent.assignedTo, read: read.assignedTo }))
		.filter(({ sent, read }) => read !== sent);
	const orderOf = ({ read }: { read: unknown }): number | undefined =>
		signers.find(({ id }) => id === String(read))?.sentOrder;
	if (changed.length > 0 && changed.every((one) => orderOf(one) !== undefined)) {
		problems.push(
			changed.every((one) => orderOf(one) === one.sent)
				? 'assignedTo is read back as the id of the signer with that order'
				: 'assignedTo is read back as the id of a signer with another order',
		);
	} else {
		problems.push(...readBack('assignedTo', changed));
	}
	if (problems.length > 0) return refuted(sentence(problems));
	if (person.owners && !person.owners.yes) {
		return refuted(
			`Numbers are kept, but the fields are not those of their person${remark(person.owners)}.`,
		);
	}
	const text =
		'Orders and assignedTo are read back as sent, for signers added in the other sequence';
	return person.owners
		? confirmed(`${text}, and each field is open to its person.`)
		: confirmed(`${text}.`, 'to whom the page opens a field, which only a person can see');
};

/** 11: a field is required unless told otherwise. */
export const judgeRequired: Judge = ({ requiredDefault }) => {
	if (!requiredDefault) return undefined;
	return requiredDefault.read === true
		? confirmed('A field sent without "required" is read back with true.')
		: refuted(`A field sent without "required" is read back with ${shown(requiredDefault.read)}.`);
};

/** 12: options are texts. */
export const judgeOptions: Judge = ({ fields, optionsRefused }) => {
	if (optionsRefused.length > 0) return refuted(sentence(optionsRefused));
	const choices = fields.filter(({ sent }) => sent.options);
	if (choices.length === 0) return undefined;
	const other = choices.find(
		({ sent, read }) => JSON.stringify(read.options) !== JSON.stringify(sent.options),
	);
	if (!other) return confirmed('A list of texts is taken and read back.');
	const form =
		typeof other.read.options === 'string'
			? 'a text that holds JSON'
			: Array.isArray(other.read.options)
				? 'a list of something else than texts'
				: shown(other.read.options);
	return refuted(`A list of texts is taken, and read back as ${form}.`);
};

/** 13: what using a template takes and creates. */
export const judgeUse: Judge = ({ templateUse }) => {
	if (!templateUse) return undefined;
	if (templateUse.problems.length > 0) return refuted(sentence(templateUse.problems));
	return confirmed(
		'It takes a name and signers, and makes a draft with them.',
		templateUse.slots > 1 ? undefined : 'a template with several slots',
	);
};

/** 14: the scope that using a template needs. */
export const judgeUseScope: Judge = ({ useForbidden }) => {
	if (!useForbidden) return undefined;
	const { words, mayCreate } = useForbidden;
	if (mayCreate) return refuted(`The key may create documents, but not use a template (${words}).`);
	if (/documents\.create/.test(words)) return confirmed(`The refusal names it (${words}).`);
	return /\b[a-z_]+\.[a-z*]+\b/.test(words.replace(/"$/, ''))
		? refuted(`The refusal names another scope (${words}).`)
		: undefined;
};

/** 16: addresses of campaigns. */
export const judgeCampaignUrl: Judge = ({ campaignUrls }) => {
	if (!campaignUrls) return undefined;
	if (campaignUrls.others.length > 0) {
		return refuted(`A campaign has its address under ${campaignUrls.others.join(', ')}.`);
	}
	return campaignUrls.known.length > 0
		? confirmed(`A campaign has its address under ${campaignUrls.known.join(', ')}.`)
		: confirmed('A campaign has no address, and none is made of its slug.');
};

/** 19: names of events that are not documented. */
export const judgeEvents: Judge = ({ events }) => {
	if (!events) return undefined;
	const { accepted, refused, takesAnything } = events;
	if (refused.length > 0) return refuted(`Refused are ${refused.join(', ')}.`);
	if (takesAnything) return undefined;
	return confirmed(`All ${accepted.length} are taken, and one that cannot exist is refused.`);
};

/** 21: statuses of signers. */
export const judgeSignerStatuses: Judge = ({ signerStatuses, opened }) => {
	const known = ['pending', 'completed', 'viewed', 'declined'];
	const others = [...signerStatuses].filter((status) => status && !known.includes(status));
	if (others.length > 0) return refuted(`A signer has the status ${others.join(', ')}.`);
	const hasSeen = ['viewed', 'declined'].filter((status) => signerStatuses.has(status));
	if (opened && !hasSeen.includes('viewed')) {
		return refuted('A signer who has opened the document is not "viewed".');
	}
	if (hasSeen.length === 0) return undefined;
	const missing = ['viewed', 'declined'].filter((status) => !hasSeen.includes(status));
	return confirmed(
		`Seen: ${hasSeen.join(', ')}.`,
		missing.length > 0 ? missing.join(', ') : undefined,
	);
};

/** 22: names of errors. */
export const judgeErrorTypes: Judge = ({ errorTypes }) => {
	if (errorTypes.length === 0) return undefined;
	const names: Record<number, string> = {
		400: 'bad-request',
		500: 'internal-error',
		502: 'bad-gateway',
	};
	const others = errorTypes.filter(({ status, type }) => type !== names[status]);
	if (others.length > 0) {
		const said = others.map(({ status, type }) =>
			type === undefined ? `${status} has no type` : `${status} has the type ${type}`,
		);
		return refuted(sentence([...new Set(said)]));
	}
	const missing = Object.entries(names)
		.filter(([status]) => !errorTypes.some((one) => one.status === Number(status)))
		.map(([, name]) => name);
	return confirmed(
		`Seen: ${[...new Set(errorTypes.map(({ type }) => type))].join(', ')}.`,
		missing.length > 0 ? `${missing.join(', ')}, which cannot be brought about` : undefined,
	);
};

/** 23: size and lifetime of uploads. */
export const judgeUpload: Judge = ({ upload }) => {
	if (!upload) return undefined;
	if (upload.refused !== undefined) {
		return refuted(`An upload of 25 MB is refused: ${upload.refused}.`);
	}
	const { lifetimeSeconds } = upload;
	if (lifetimeSeconds !== undefined && lifetimeSeconds < 60) {
		return refuted(`An upload address is good for ${lifetimeSeconds} seconds only.`);
	}
	return lifetimeSeconds === undefined
		? confirmed('An address for 25 MB is given.', 'how long it is good for, which it does not tell')
		: confirmed(
				`An address for 25 MB is given, good for ${lifetimeSeconds} seconds.`,
				'whether the storage takes as much',
			);
};

/** 24: lists below a document do not page. */
export const judgeMeta: Judge = ({ listMeta }) => {
	if (listMeta.size === 0) return undefined;
	const paged = [...listMeta].filter(([, hasMeta]) => hasMeta).map(([name]) => nameOf(name));
	if (paged.length > 0)
		return refuted(`There is meta in ${paged.join(', ')}. The nodes follow it.`);
	const wanted: EndpointName[] = ['listSigners', 'listFields', 'listMembers'];
	const missing = wanted.filter((name) => !listMeta.has(name)).map(nameOf);
	return confirmed(
		`There is no meta in ${[...listMeta].map(([name]) => nameOf(name)).join(', ')}.`,
		missing.length > 0 ? missing.join(', ') : undefined,
	);
};

/** 25: the answers to deletions. */
export const judgeDeletions: Judge = ({ deletions }) => {
	if (deletions.length === 0) return undefined;
	const others = deletions.filter(({ words }) => !/^(200|204)\b/.test(words));
	const told = (all: typeof deletions): string =>
		[...new Set(all.map(({ endpoint, words }) => `${nameOf(endpoint)}: ${words}`))].join(', ');
	return others.length > 0 ? refuted(`${told(others)}.`) : confirmed(`${told(deletions)}.`);
};

/** 27: one signer at a time. */
export const judgeTurns: Judge = ({ links, person }) => {
	if (!links || !links.first) return undefined;
	if (person.emails && !person.emails.yes) {
		return refuted(`More came than one email to the first person${remark(person.emails)}.`);
	}
	const open = person.emails ? [] : ['to whom emails came, which only a person can see'];
	if (links.second) {
		const usable = 'whether the link that the second person has from the beginning works';
		return confirmed('The first person has a link after sending.', [...open, usable].join(', '));
	}
	return confirmed(
		`The first person has a link after sending, the second one none yet${person.emails ? ', and one email came' : ''}.`,
		open[0],
	);
};

/** How places were changed, in words; undefined if they were not. */
function changeOf(fields: readonly ComparedField[]): string | undefined {
	const pairs = fields.flatMap(({ sent, read }) =>
		(['x', 'y', 'width', 'height'] as const).map((side) => ({
			side,
			sent: sent[side],
			read: numberOf(read[side]),
			sentHeight: sent.height,
		})),
	);
	const all = (
		fits: (pair: { side: string; sent: number; read: number; sentHeight: number }) => boolean,
	) => pairs.every(({ read, ...pair }) => read !== undefined && fits({ ...pair, read }));
	const isNear = (one: number, other: number, by = 0.006): boolean => Math.abs(one - other) <= by;
	if (all(({ sent, read }) => isNear(sent, read))) return undefined;
	if (all(({ sent, read }) => Number.isInteger(read) && Math.abs(sent - read) <= 1)) {
		return 'as whole numbers: they are rounded';
	}
	const whole = (side: string): number =>
		side === 'x' || side === 'width' ? PAGE.width : PAGE.height;
	if (all(({ side, sent, read }) => isNear(read, (100 * sent) / whole(side), 0.6))) {
		return 'in percent of the page';
	}
	if (all(({ side, sent, read }) => isNear(read, sent / whole(side), 0.006))) {
		return 'in parts of the page, from 0 to 1';
	}
	const fromBottom = ({
		side,
		sent,
		read,
		sentHeight,
	}: {
		side: string;
		sent: number;
		read: number;
		sentHeight: number;
	}): boolean =>
		side === 'y'
			? isNear(read, PAGE.height - sent - sentHeight, 1) || isNear(read, PAGE.height - sent, 1)
			: isNear(read, sent, 1);
	if (all(fromBottom)) return 'counted from the bottom of the page';
	const factor = (pairs[0]?.read ?? 0) / (pairs[0]?.sent ?? 1);
	if (all(({ sent, read }) => Math.abs(read / sent - factor) <= 0.02 * factor)) {
		return `${factor.toFixed(3)} times what was sent: in another unit than points${isNear(factor, 96 / 72, 0.01) ? ', pixels at 96 to the inch' : ''}`;
	}
	const first = pairs.find(({ sent, read }) => read === undefined || !isNear(sent, read));
	return `otherwise, for example ${first?.side} ${first?.sent} as ${shown(first?.read)}`;
}

/** What was changed on the way, each case once: "0 is read back as 1, 1 as 2". */
function readBack(what: string, changed: ReadonlyArray<{ sent: number; read: unknown }>): string[] {
	const cases = [...changed]
		.sort((one, other) => one.sent - other.sent)
		.map(({ sent, read }) => `${sent} as ${shown(read)}`);
	return cases.length > 0
		? [`${what} is read back otherwise: ${[...new Set(cases)].join(', ')}`]
		: [];
}

function shown(value: unknown): string {
	return value === undefined ? 'nothing' : (JSON.stringify(value)?.slice(0, 60) ?? typeof value);
}

function remark({ remark: text }: { remark: string }): string {
	return text ? ` (seen: ${text})` : '';
}

function sentence(parts: readonly string[]): string {
	const text = parts.join('; ');
	// Names of keys are not words.
	const first = text.startsWith('assignedTo') ? 'a' : text.charAt(0).toUpperCase();
	return `${first}${text.slice(1)}.`.replace(/\.\.$/, '.');
}
