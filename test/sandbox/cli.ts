import { parseArgs } from 'node:util';
import { stopSignal, untilStopped } from '../host/stopping';
import { REACHED_FROM } from './frontPage';
import { startSandbox } from './sandbox';
import { addSalesOffer } from './seed';

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
	await addSalesOffer(sandbox.store, new Date().toISOString());
	print(`
  A local inSigner Cloud is running. Everything it knows is gone when it stops.

  Base URL   ${sandbox.apiUrl}
  API key    ${sandbox.apiKey}
  Page       ${sandbox.webUrl}/
  Journal    ${sandbox.webUrl}/_sandbox/journal

  In n8n: create a credential "inSigner API", paste the key, and put the base URL into its field Base URL. Send a
  document: below appears a line "emailed" with the signing link. Open it in a browser and press Sign.

  ${REACHED_FROM.join('\n  ')}

  Without n8n:
  curl -H 'Authorization: Bearer ${sandbox.apiKey}' '${sandbox.apiUrl}/templates?limit=2'

  Ctrl-C stops it.
`);
	await untilStopped(stopSignal());
	await sandbox.stop();
	print('Ended, nothing left behind');
}

main().catch((error: unknown) => {
	process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = 1;
});
