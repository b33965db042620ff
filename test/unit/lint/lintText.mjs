/**
 * Reads a list of `{ rule, text, files }` from standard input and lints each text as if it were each of its files,
 * with only that rule. Prints the refused lines for each text and file.
 */
import { ESLint } from 'eslint';
import { json } from 'node:stream/consumers';
import tseslint from 'typescript-eslint';

const linters = new Map();

/** Creating one reads the whole config, so there is one per rule. */
function linterOf(rule) {
	const linter =
		linters.get(rule) ??
		new ESLint({
			// Reading the types of the whole project takes long, and these rules need none.
			overrideConfig: tseslint.configs.disableTypeChecked,
			ruleFilter: ({ ruleId }) => ruleId === rule,
		});
	linters.set(rule, linter);
	return linter;
}

const refused = [];
for (const { rule, text, files } of await json(process.stdin)) {
	const lines = [];
	for (const filePath of files) {
		const [{ messages }] = await linterOf(rule).lintText(text, { filePath });
		lines.push(messages.map(({ line }) => line));
	}
	refused.push(lines);
}
console.log(JSON.stringify(refused));
