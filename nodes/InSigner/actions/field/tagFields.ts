import type { FoundTag } from '../../pdf/text/finding';
import type { FieldInPdf } from './fieldInPdf';
import type { FieldDetails } from './fieldInput';
import { FIELD_TYPES, usualSizePt, type FieldType } from './fieldTypes';
import type { PdfText } from './pdfContents';
import { overlap, standingAt, type Box } from './placement';
import { signerOfRole, type SignerInPdf } from './signersInPdf';

/** What other services call a type of inSigner. */
const OTHER_WORDS: Readonly<Record<string, FieldType>> = {
	cells: 'text',
	file: 'attachment',
	first_name: 'text',
	last_name: 'text',
	multiple: 'checkbox_group',
	radio: 'radio_group',
};

/**
 * Turns the tags of a PDF into fields of inSigner: each stands on the base line of its tag, where the tag begins. One
 * without a size of its own has the usual one, or as much of it as there is room for up to the next.
 *
 * @param pdf - what was found in the PDF
 * @param roles - who is meant by the roles in tags
 * @param onlySigner - whether the document has one signer, so that a tag need not say whose it is
 */
export function fieldsOfTags(
	pdf: PdfText,
	roles: readonly SignerInPdf[],
	onlySigner: boolean,
): FieldInPdf[] {
	const placed = pdf.tags.map((tag) => placeTag(tag, pdf, roles, onlySigner));
	makeRoom(placed.flatMap(({ standing }) => standing ?? []));
	return placed.map(({ standing, ...found }) => ({
		...found,
		...(standing && {
			field: { ...standing.details, ...standing.box, position: 'coordinates', unit: 'points' },
		}),
	}));
}

/**
 * The type of field a tag asks for.
 *
 * @param word - as the tag has it
 * @returns undefined if inSigner has none like it
 */
export function typeOfTag(word: string): FieldType | undefined {
	if (Object.hasOwn(OTHER_WORDS, word)) return OTHER_WORDS[word];
	return FIELD_TYPES.find(({ value }) => value === word)?.value;
}

/** A field at its tag. */
interface Standing {
	details: FieldDetails;
	box: Box;
	/** Whether the tag says the size. */
	fixedWidth: boolean;
	fixedHeight: boolean;
}

function placeTag(
	{ tag, raw, ...area }: FoundTag,
	{ pages }: PdfText,
	roles: readonly SignerInPdf[],
	onlySigner: boolean,
): Omit<FieldInPdf, 'field'> & { standing?: Standing } {
	const { page } = area;
	const found = { text: raw, page, ...(tag?.signer !== undefined && { signer: tag.signer }) };
	if (!tag) return { ...found, problem: 'is none of the tags that are known' };
	const type = typeOfTag(tag.type);
	if (!type) {
		return {
			...found,
			problem: `asks for a field of type "${tag.type}", which inSigner doesn't have`,
		};
	}
	if (tag.signer === undefined && !onlySigner) {
		return { ...found, problem: 'names no signer' };
	}
	if (/^\d+$/.test(tag.label ?? '')) {
		return { ...found, problem: `names two signers, ${tag.signer} and ${tag.label}` };
	}
	const pageSize = pages[page - 1];
	const [width, height] = usualSizePt(type);
	const size = { width: tag.width ?? width, height: tag.height ?? height };
	const box = pageSize && standingAt(area, size, pageSize);
	if (!box) return { ...found, problem: 'is outside of what is shown of the page' };
	const details: FieldDetails = {
		type,
		signer: tag.signer === undefined ? '1' : signerOfRole(tag.signer, roles),
		label: tag.label ?? (tag.type.endsWith('_name') ? inTitleCase(tag.type) : ''),
		...(tag.required !== undefined && { required: tag.required }),
		options: tag.options ?? [],
		...{ placeholder: '', defaultValue: '', format: '', group: '' },
	};
	const [fixedWidth, fixedHeight] = [tag.width !== undefined, tag.height !== undefined];
	return { ...found, standing: { details, box, fixedWidth, fixedHeight } };
}

function inTitleCase(word: string): string {
	const words = word.replace(/_/g, ' ');
	return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A field must not become smaller than this to make room for another, in points. */
const MIN_WIDTH_PT = 20;
const MIN_HEIGHT_PT = 9;

/** Lines of text are closer to each other than fields are high, and columns closer than fields are wide. */
function makeRoom(standing: Standing[]): void {
	const onPage = new Map<number, Standing[]>();
	for (const one of standing) {
		const others = onPage.get(one.box.page) ?? [];
		for (const other of others) {
			if (overlap(one.box, other.box)) separate(one, other);
		}
		others.push(one);
		onPage.set(one.box.page, others);
	}
}

/** Of the two ways, the one that leaves more of the field that becomes smaller. */
function separate(one: Standing, other: Standing): void {
	const bottom = ({ box }: Standing) => box.y + box.height;
	const [upper, lower] = bottom(one) <= bottom(other) ? [one, other] : [other, one];
	const [left, right] = one.box.x <= other.box.x ? [one, other] : [other, one];
	const height = lower.fixedHeight ? 0 : bottom(lower) - bottom(upper);
	const width = left.fixedWidth ? 0 : right.box.x - left.box.x;
	const canBeLower = height >= MIN_HEIGHT_PT;
	const canBeNarrower = width >= MIN_WIDTH_PT;
	if (canBeLower && (!canBeNarrower || height / lower.box.height >= width / left.box.width)) {
		lower.box = { ...lower.box, y: bottom(lower) - height, height };
	} else if (canBeNarrower) {
		left.box = { ...left.box, width };
	}
}
