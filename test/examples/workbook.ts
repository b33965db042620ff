/** Writes Excel workbooks as small as they can be. */
import { crc32 } from 'node:zlib';

export const XLSX_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const OFFICE = 'http://schemas.openxmlformats.org';
const RELATIONSHIPS = `${OFFICE}/officeDocument/2006/relationships`;

/**
 * Makes a workbook of one sheet.
 *
 * @param rows - texts, from cell A1
 * @returns the .xlsx file
 */
export function makeWorkbook(rows: string[][]): Buffer {
	return zip({
		'[Content_Types].xml': `${XML}<Types xmlns="${OFFICE}/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${XLSX_TYPE}.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`,
		'_rels/.rels': relationTo('officeDocument', 'xl/workbook.xml'),
		'xl/workbook.xml': `${XML}<workbook xmlns="${OFFICE}/spreadsheetml/2006/main" xmlns:r="${RELATIONSHIPS}"><sheets><sheet name="People" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		'xl/_rels/workbook.xml.rels': relationTo('worksheet', 'worksheets/sheet1.xml'),
		'xl/worksheets/sheet1.xml': `${XML}<worksheet xmlns="${OFFICE}/spreadsheetml/2006/main"><sheetData>${rows.map(rowOf).join('')}</sheetData></worksheet>`,
	});
}

function relationTo(kind: string, target: string): string {
	return `${XML}<Relationships xmlns="${OFFICE}/package/2006/relationships"><Relationship Id="rId1" Type="${RELATIONSHIPS}/${kind}" Target="${target}"/></Relationships>`;
}

function rowOf(texts: string[], index: number): string {
	const cells = texts.map((text, column) => {
		const place = `${String.fromCharCode(65 + column)}${index + 1}`;
		const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
		return `<c r="${place}" t="inlineStr"><is><t>${escaped}</t></is></c>`;
	});
	return `<row r="${index + 1}">${cells.join('')}</row>`;
}

/** A zip file whose entries are not compressed. */
function zip(files: Record<string, string>): Buffer {
	const parts: Buffer[] = [];
	const directory: Buffer[] = [];
	let offset = 0;
	for (const [name, text] of Object.entries(files)) {
		const path = Buffer.from(name);
		const content = Buffer.from(text);
		// Version 2.0, no flags, stored, no time, checksum, both sizes, length of the name, nothing extra.
		const header = Buffer.alloc(26);
		header.writeUInt16LE(20, 0);
		header.writeUInt32LE(crc32(content), 10);
		header.writeUInt32LE(content.length, 14);
		header.writeUInt32LE(content.length, 18);
		header.writeUInt16LE(path.length, 22);
		const place = Buffer.alloc(14);
		place.writeUInt32LE(offset, 10);
		const entry = [Buffer.from('PK\u0003\u0004', 'latin1'), header, path, content];
		directory.push(
			Buffer.concat([Buffer.from('PK\u0001\u0002\u0014\u0000', 'latin1'), header, place, path]),
		);
		parts.push(...entry);
		offset += Buffer.concat(entry).length;
	}
	const listed = Buffer.concat(directory);
	const end = Buffer.alloc(22);
	end.write('PK\u0005\u0006', 0, 'latin1');
	end.writeUInt16LE(directory.length, 8);
	end.writeUInt16LE(directory.length, 10);
	end.writeUInt32LE(listed.length, 12);
	end.writeUInt32LE(offset, 16);
	return Buffer.concat([...parts, listed, end]);
}
