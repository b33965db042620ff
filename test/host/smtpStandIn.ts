/** A stand-in for a mail server: it speaks SMTP as far as n8n's Send Email node uses it, and keeps what it gets. */
import { createServer, type Socket } from 'node:net';

export interface ReceivedEmail {
	from: string;
	to: string[];
	subject: string;
	/** The text as it is read, with `\n` at the end of lines. */
	text: string;
}

export interface SmtpStandIn {
	readonly port: number;
	readonly emails: ReceivedEmail[];
	stop(): Promise<void>;
}

/** Starts it on a free port of the loopback interface, without a login and without TLS. */
export async function startSmtpStandIn(): Promise<SmtpStandIn> {
	const emails: ReceivedEmail[] = [];
	const sockets = new Set<Socket>();
	const server = createServer((socket) => {
		sockets.add(socket);
		socket.on('close', () => sockets.delete(socket));
		socket.on('error', () => socket.destroy());
		converse(socket, emails);
	});
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	const address = server.address();
	if (typeof address !== 'object' || address === null) throw new Error('The system gave no port.');
	return {
		port: address.port,
		emails,
		stop: async () => {
			for (const socket of sockets) socket.destroy();
			await new Promise((done) => server.close(done));
		},
	};
}

/** Answers each line of the client; after DATA the lines up to a single dot are the email. */
function converse(socket: Socket, emails: ReceivedEmail[]): void {
	const answer = (line: string) => socket.write(`${line}\r\n`);
	let from = '';
	let to: string[] = [];
	let data: string[] | undefined;
	let rest = '';
	const take = (line: string) => {
		if (data) {
			if (line !== '.') data.push(line.replace(/^\.\./, '.'));
			else {
				emails.push({ from, to, ...readEmail(data) });
				data = undefined;
				to = [];
				answer('250 Kept');
			}
			return;
		}
		const verb = line.slice(0, 4).toUpperCase();
		const address = /<([^>]*)>/.exec(line)?.[1] ?? '';
		if (verb === 'MAIL') from = address;
		if (verb === 'RCPT') to.push(address);
		if (verb === 'DATA') data = [];
		answer({ DATA: '354 Go ahead', QUIT: '221 Bye' }[verb] ?? '250 OK');
		if (verb === 'QUIT') socket.end();
	};
	socket.setEncoding('latin1');
	socket.on('data', (chunk) => {
		const lines = `${rest}${String(chunk)}`.split('\r\n');
		rest = lines.pop() ?? '';
		lines.forEach(take);
	});
	answer('220 Stand-in');
}

/** Reads an email of one text part, as nodemailer writes it. */
function readEmail(lines: string[]): Pick<ReceivedEmail, 'subject' | 'text'> {
	const end = lines.indexOf('');
	const headers = lines
		.slice(0, end)
		.join('\n')
		.replace(/\n[ \t]+/g, ' ');
	const header = (name: string) => new RegExp(`^${name}: (.*)$`, 'im').exec(headers)?.[1] ?? '';
	const body = lines.slice(end + 1).join('\n');
	const encoding = header('Content-Transfer-Encoding').toLowerCase();
	const bytes =
		encoding === 'base64'
			? Buffer.from(body, 'base64')
			: encoding === 'quoted-printable'
				? fromQuotedPrintable(body)
				: Buffer.from(body, 'latin1');
	return { subject: decodeWords(header('Subject')), text: bytes.toString('utf8') };
}

function fromQuotedPrintable(text: string): Buffer {
	const whole = text.replace(/=\n/g, '');
	const decoded = whole.replace(/=([0-9A-F]{2})/gi, (_, hex: string) =>
		String.fromCharCode(parseInt(hex, 16)),
	);
	return Buffer.from(decoded, 'latin1');
}

/** Decodes what of a header is not plain ASCII (RFC 2047). */
function decodeWords(text: string): string {
	return text
		.replace(/\?= =\?/g, '?==?')
		.replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, kind: string, word: string) =>
			(kind.toLowerCase() === 'b'
				? Buffer.from(word, 'base64')
				: fromQuotedPrintable(word.replaceAll('_', ' '))
			).toString('utf8'),
		);
}
