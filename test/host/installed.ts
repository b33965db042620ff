import { installN8n } from './install';

/** Before all tests in a real n8n; jest calls it. */
export default async function installed(): Promise<void> {
	await installN8n((line) => process.stderr.write(`${line}\n`));
}
