/** Reads ZIP files. */
import { inflateRawSync } from 'node:zlib';

/**
 * Unpacks a ZIP file whose entries are stored or deflated.
 *
 * @returns the content by file name, in the order of the directory at the end of the file
 * @throws Error when it is no ZIP file
 */
export function readZip(file: Buffer): Map<string, Buffer> {
	const end = file.lastIndexOf(Buffer.from('PK\u0005\u0006', 'latin1'));
	if (end === -1) throw new Error('This is no ZIP file');
	const files = new Map<string, Buffer>();
	let entry = file.readUInt32LE(end + 16);
	for (let left = file.readUInt16LE(end + 10); left > 0; left--) {
		const [method, size] = [file.readUInt16LE(entry + 10), file.readUInt32LE(entry + 20)];
		const nameLength = file.readUInt16LE(entry + 28);
		const name = file.toString('utf8', entry + 46, entry + 46 + nameLength);
		const place = file.readUInt32LE(entry + 42);
		const start = place + 30 + file.readUInt16LE(place + 26) + file.readUInt16LE(place + 28);
		const content = file.subarray(start, start + size);
		files.set(name, method === 0 ? content : inflateRawSync(content));
		entry += 46 + nameLength + file.readUInt16LE(entry + 30) + file.readUInt16LE(entry + 32);
	}
	return files;
}
