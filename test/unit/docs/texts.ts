/** The texts that the nodes show people when something goes wrong, read from the source. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';

const root = resolve(__dirname, '../../..');

/** Objects with one of these describe something in the editor: their texts are labels, not messages. */
const OF_THE_EDITOR = [
	'displayName',
	'menu',
	'action',
	'value',
	'properties',
	'options',
	'group',
	'modes',
];

/** Texts that are labels wherever they are. */
const LABELS = [
	'placeholder',
	'hint',
	'builderHint',
	'displayName',
	'noFieldsError',
	'documentationUrl',
	'icon',
];

/** Sentences that describe filters and inputs, names of webhooks, and what goes into headers. */
const NO_MESSAGES = [
	/^Only events of /,
	/^The template, chosen from a list or given by its ID or URL/,
	/^Return only /,
	/^(of|made from) this /,
	/^bulk sends$/,
	/^in the workflow's timezone unless the value has one$/,
	/^(signing ends|the document can no longer be signed)$/,
	/^inSigner switches one off after 20 failed deliveries in a row\.$/,
	/^(Width|Height) of the field$|^Unit of X, Y, width and height$|^Page the field is on: /,
	/^n8n test run$/,
	/^…: workflow "…" \(…\)$/,
	/^application\//,
	/^=\{\{ /,
	/^check …$/,
];

/**
 * Every string and template in nodes/ and credentials/ that reads like words (at least two) and is not a label in the
 * editor. An ellipsis stands for what is filled in at run time.
 *
 * @returns the texts with the file each was found in
 */
export function textsInSource(): Map<string, string> {
	const texts = new Map<string, string>();
	for (const folder of ['nodes', 'credentials']) {
		for (const entry of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })) {
			if (!entry.endsWith('.ts') || entry.endsWith('.d.ts')) continue;
			const file = join(folder, entry);
			for (const text of textsIn(readFileSync(join(root, file), 'utf8'))) texts.set(text, file);
		}
	}
	return texts;
}

/**
 * The same for one file.
 *
 * @param code - TypeScript
 */
export function textsIn(code: string): string[] {
	const texts: string[] = [];
	const visit = (node: ts.Node): void => {
		if (isLabel(node)) return;
		const text = textOf(node)?.replace(/\s+/g, ' ').trim();
		if (text !== undefined && isMessage(text)) texts.push(text);
		ts.forEachChild(node, visit);
	};
	visit(ts.createSourceFile('file.ts', code, ts.ScriptTarget.ES2022, true));
	return texts;
}

/** Two words or more, and not in Title Case, as names of parameters and fields are. */
function isMessage(text: string): boolean {
	const words = text.split(' ').filter((word) => /[\p{L}…]/u.test(word));
	const inLowerCase = words.filter(
		(word) => /^["(]?\p{Ll}/u.test(word) && !word.startsWith('inSigner'),
	);
	return (
		words.length > 1 && inLowerCase.length > 0 && !NO_MESSAGES.some((other) => other.test(text))
	);
}

function textOf(node: ts.Node): string | undefined {
	if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
	if (!ts.isTemplateExpression(node)) return undefined;
	return [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('…');
}

function isLabel(node: ts.Node): boolean {
	if (ts.isImportDeclaration(node) || ts.isTypeNode(node)) return true;
	if (!ts.isPropertyAssignment(node)) return false;
	if (LABELS.includes(node.name.getText())) return true;
	if (
		ts.isObjectLiteralExpression(node.initializer) ||
		ts.isArrayLiteralExpression(node.initializer)
	) {
		return false;
	}
	const siblings = node.parent.properties.map(({ name }) => name?.getText() ?? '');
	return (
		['name', 'description', 'default', 'subtitle', 'action'].includes(node.name.getText()) &&
		siblings.some((name) => OF_THE_EDITOR.includes(name))
	);
}
