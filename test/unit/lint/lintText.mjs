/** Lints a text from standard input as if it were each of the files, with one rule; prints the lines refused. */
import { ESLint } from 'eslint';
import { text } from 'node:stream/consumers';
import tseslint from 'typescript-eslint';

const [rule, ...files] = process.argv.slice(2);
const eslint = new ESLint({
	// Reading the types of the whole project takes long, and such a rule needs none.
	overrideConfig: tseslint.configs.disableTypeChecked,
	ruleFilter: ({ ruleId }) => ruleId === rule,
});
const code = await text(process.stdin);
const refused = {};
for (const filePath of files) {
	const [{ messages }] = await eslint.lintText(code, { filePath });
	refused[filePath] = messages.map(({ line }) => line);
}
console.log(JSON.stringify(refused));
