import { fileKind } from '../../../nodes/InSigner/actions/document/fileKind';

const ZIP = Buffer.from('PK\u0003\u0004rest', 'latin1');

it.each([
	['a JPEG image', Buffer.from([0xff, 0xd8, 0xff, 0xe0]), 'contract.pdf'],
	['a PNG image', Buffer.from([0x89, 0x50, 0x4e, 0x47]), 'scan'],
	['a Word document', ZIP, 'Contract.DOCX'],
	['an Excel workbook', ZIP, 'people.xlsx'],
	['a ZIP or Office file', ZIP, 'document.pdf'],
	['a Word document', Buffer.from([0xd0, 0xcf, 0x11, 0xe0]), 'old.doc'],
	['a web page (HTML)', Buffer.from('<!DOCTYPE html><title>Sign in'), 'contract.pdf'],
	[undefined, Buffer.from('hello'), 'contract.docx'],
	[undefined, Buffer.alloc(0), 'contract.pdf'],
])('names %s', (kind, start, name) => expect(fileKind(start, name)).toBe(kind));
