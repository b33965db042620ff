/**
 * A sandbox in its own process, as far away as the other end of an ocean: over TLS, and each byte takes its time in
 * both directions. Files go to the storage of the sandbox, which is near.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';

import { startSandbox, type SandboxOptions } from '../sandbox/sandbox';
import { serveParent } from './ownProcess';

/** What the process of the benchmark gets to know. */
export interface FarServer {
	/** Over TLS; its certificate is made for the run, by a program of the machine. */
	apiUrl: string;
	apiKey: string;
	/** The sandbox itself, to count. */
	webUrl: string;
}

interface Options extends SandboxOptions {
	/** There and back, in milliseconds. */
	roundTripMs: number;
}

/** A key and a certificate for this machine, by openssl. */
function makeCertificate(): { key: Buffer; cert: Buffer } {
	const folder = mkdtempSync(join(tmpdir(), 'n8n-insigner-certificate-'));
	const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
	const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
	const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', ...subject];
	try {
		execFileSync('openssl', [...request, '-keyout', key, '-out', cert], { stdio: 'ignore' });
		return { key: readFileSync(key), cert: readFileSync(cert) };
	} finally {
		rmSync(folder, { recursive: true });
	}
}

/** Passes on what comes, later; chunks stay in order because their times do. */
function carry(from: Socket, to: Socket, after: () => number): void {
	const later = (work: () => void) => setTimeout(work, Math.max(0, after() - performance.now()));
	from.on('data', (chunk: Buffer) => later(() => to.write(chunk)));
	from.on('end', () => later(() => to.end()));
	from.on('error', () => to.destroy());
}

/** Listens on any free port. @returns which it is */
async function listen(server: Server): Promise<number> {
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	const address = server.address();
	if (typeof address !== 'object' || address === null) throw new Error('The server has no port');
	return address.port;
}

serveParent(async ({ roundTripMs, ...options }: Options): Promise<FarServer> => {
	const { apiUrl, webUrl, apiKey } = await startSandbox(options);
	const sandboxPort = Number(new URL(apiUrl).port);
	const tls = createTlsServer(makeCertificate(), (socket) => {
		const sandbox = connect(sandboxPort, '127.0.0.1');
		socket.pipe(sandbox).pipe(socket);
		socket.on('error', () => sandbox.destroy());
		sandbox.on('error', () => socket.destroy());
	});
	const tlsPort = await listen(tls);
	const road = createServer({ noDelay: true }, (near) => {
		const far = connect({ port: tlsPort, host: '127.0.0.1', noDelay: true });
		// To connect takes a round trip, too, which the kernel makes in no time here.
		const connectedAt = performance.now() + roundTripMs;
		carry(near, far, () => Math.max(connectedAt, performance.now()) + roundTripMs / 2);
		carry(far, near, () => performance.now() + roundTripMs / 2);
	});
	return {
		apiUrl: `https://127.0.0.1:${await listen(road)}${new URL(apiUrl).pathname}`,
		apiKey,
		webUrl,
	};
});
