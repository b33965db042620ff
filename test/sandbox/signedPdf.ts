import { PDFDocument, StandardFonts, rgb, type PDFFont, type PDFPage } from 'pdf-lib';
import { inSigningOrder } from './representations';
import type { StoredDocument, StoredField, StoredSigner } from './store';

const INK = rgb(0.05, 0.15, 0.45);
const GREY = rgb(0.35, 0.35, 0.35);
const CERTIFICATE_PAGE: [number, number] = [612, 792];
const CERTIFICATE_TOP = 702;

/**
 * The signed PDF of a completed document: every field filled in at its place, and a certificate page at the end with
 * the id of the document and who signed when. Names are real text, so that a reader finds them. For a file that is
 * not a readable PDF there is only the certificate page.
 */
export async function makeSignedPdf(document: StoredDocument): Promise<Uint8Array> {
	const { pdf, isReadable } = await open(document.pdf);
	const font = await pdf.embedFont(StandardFonts.Helvetica);
	const bold = await pdf.embedFont(StandardFonts.HelveticaBold);
	const pages = isReadable ? pdf.getPages() : [];
	for (const field of document.fields) {
		const page = pages[field.page - 1];
		const signer = document.signers.find((person) => person.order === field.assignedTo);
		if (page && signer) drawField(page, field, signer, font);
	}
	drawCertificate(pdf, document, font, bold, isReadable);
	return await pdf.save();
}

async function open(bytes: Uint8Array | null): Promise<{ pdf: PDFDocument; isReadable: boolean }> {
	if (bytes) {
		try {
			const pdf = await PDFDocument.load(bytes, { ignoreEncryption: true });
			pdf.getPages();
			return { pdf, isReadable: true };
		} catch {
			// Anything can be uploaded, but what cannot be read cannot be drawn on.
		}
	}
	return { pdf: await PDFDocument.create(), isReadable: false };
}

function drawField(page: PDFPage, field: StoredField, signer: StoredSigner, font: PDFFont): void {
	const text = valueOf(field, signer);
	if (text === undefined) return;
	// Fields count from the top left, PDF from the bottom left; both in points (inferred).
	const left = field.x;
	const top = page.getHeight() - field.y;
	const isMark = field.type === 'signature' || field.type === 'initials';
	if (isMark) {
		page.drawRectangle({
			x: left,
			y: top - field.height,
			width: field.width,
			height: field.height,
			borderColor: INK,
			borderWidth: 1,
			color: rgb(0.95, 0.97, 1),
		});
	}
	const lines = isMark ? [text, signer.signedAt ?? ''] : [text];
	const size = Math.min(12, (field.height * 0.7) / lines.length);
	lines.forEach((line, index) => {
		page.drawText(encodable(font, line), {
			x: left + 4,
			y: top - (index + 1) * (field.height / (lines.length + 0.4)),
			size: fittingSize(font, line, index === 0 ? size : size * 0.75, field.width - 8),
			font,
			color: INK,
		});
	});
}

/** What is in a field after signing, or undefined for nothing (the types of api/fields). */
function valueOf(field: StoredField, signer: StoredSigner): string | undefined {
	switch (field.type) {
		case 'signature':
			return `Signed by ${signer.name}`;
		case 'initials':
			return signer.name.replace(/(\S)\S*\s*/g, '$1');
		case 'approval':
			return `Approved by ${signer.name}`;
		case 'name':
			return signer.name;
		case 'email':
			return signer.email;
		case 'date_signed':
			return (signer.signedAt ?? '').slice(0, 10);
		default:
			return field.defaultValue ?? undefined;
	}
}

function drawCertificate(
	pdf: PDFDocument,
	document: StoredDocument,
	font: PDFFont,
	bold: PDFFont,
	isReadable: boolean,
): void {
	let page = pdf.addPage(CERTIFICATE_PAGE);
	let y = CERTIFICATE_TOP;
	const line = (text: string, size: number, used: PDFFont, color = GREY): void => {
		const shown = encodable(used, text);
		page.drawText(shown, {
			x: 72,
			y,
			size: fittingSize(used, shown, size, 468),
			font: used,
			color,
		});
		y -= size * 1.7;
	};
	line('Signature certificate', 24, bold, INK);
	line(`Document: ${document.name}`, 11, font);
	line(`Document ID: ${document.id}`, 11, font);
	line(`Completed: ${document.completedAt ?? ''}`, 11, font);
	if (!isReadable) line('The uploaded file could not be read as a PDF.', 11, font);
	for (const signer of inSigningOrder(document.signers)) {
		if (y < 150) {
			page = pdf.addPage(CERTIFICATE_PAGE);
			y = CERTIFICATE_TOP;
		}
		y -= 14;
		line(signer.name, 13, bold, INK);
		line(`E-mail: ${signer.email}`, 11, font);
		line(`Role: ${signer.role}`, 11, font);
		line(`Signed at: ${signer.signedAt ?? '-'}`, 11, font);
	}
}

/** The font size, at most `size`, at which the text is no wider than `width` points. */
function fittingSize(font: PDFFont, text: string, size: number, width: number): number {
	const natural = font.widthOfTextAtSize(encodable(font, text), size);
	return natural > width && width > 0 ? (size * width) / natural : size;
}

/** The built-in PDF fonts have only western letters; any other becomes a question mark. */
function encodable(font: PDFFont, text: string): string {
	const known = new Set(font.getCharacterSet());
	return [...text].map((letter) => (known.has(letter.codePointAt(0) ?? 0) ? letter : '?')).join('');
}
