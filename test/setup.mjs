// Makes sure that the development dependencies are installed and match package-lock.json, before anything that needs
// them is loaded. Writes only node_modules, and takes milliseconds if everything is in place.
import { dirname } from 'node:path';

import { installLocked, isInstalled, setUp } from './installing.mjs';

const say = (line) => process.stdout.write(`Development dependencies: ${line}\n`);

await setUp(async () => {
	const project = dirname(import.meta.dirname);
	if (isInstalled(project)) return;
	await installLocked(project, say);
	say('installed');
});
