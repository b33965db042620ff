import { parseArgs } from 'node:util';
import { startSandbox } from './sandbox';

const HELP = `Starts a local inSigner Cloud.

  --port <n>          port of API and signing pages (4010)
  --storage-port <n>  port of the storage (4011)
  --key <isk_...>     API key with every scope (a random one)
`;

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			port: { type: 'string', default: '4010' },
			'storage-port': { type: 'string', default: '4011' },
			key: { type: 'string' },
			help: { type: 'boolean', default: false },
		},
	});
	if (values.help) {
		process.stdout.write(HELP);
		return;
	}
	const print = (line: string): void => void process.stdout.write(`${line}\n`);
	const sandbox = await startSandbox({
		apiPort: Number(values.port),
		storagePort: Number(values['storage-port']),
		apiKey: values.key,
		logger: (line) => print(`${new Date().toISOString()}  ${line}`),
	});
	print('');
	print('  A local inSigner Cloud is running. Everything it knows is gone when it stops.');
	print('');
	print(`  Base URL   ${sandbox.apiUrl}`);
	print(`  API key    ${sandbox.apiKey}`);
	print(`  Storage    ${sandbox.storageUrl}`);
	print(`  Controls   ${sandbox.webUrl}/_sandbox/journal`);
	print('');
	print('  In n8n: create a credential "inSigner API", paste the key, and put the base URL');
	print('  into its field Base URL. Send a document: below appears a line "emailed" with the');
	print('  signing link. Open it in a browser and press Sign.');
	print('');
	print('  Ctrl-C stops it.');
	print('');

	const stop = (): void => {
		void sandbox.stop().then(() => print('Stopped.'));
	};
	process.once('SIGINT', stop);
	process.once('SIGTERM', stop);
}

main().catch((error: unknown) => {
	process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = 1;
});
