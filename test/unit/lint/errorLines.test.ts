import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';

const root = resolve(__dirname, '../../..');

/** The parts of nodes/ in which errors are made. */
function sources(): ts.SourceFile[] {
	return readdirSync(join(root, 'nodes'), { recursive: true, encoding: 'utf8' })
		.filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
		.map((file) => {
			const code = readFileSync(join(root, 'nodes', file), 'utf8');
			return ts.createSourceFile(file, code, ts.ScriptTarget.ES2022, true);
		});
}

/** The descriptions that code gives to errors: in their options, and assigned to them. */
function descriptionsIn(source: ts.Node): ts.Expression[] {
	const found: ts.Expression[] = [];
	const visit = (node: ts.Node): void => {
		if (ts.isNewExpression(node) && /Error$/.test(node.expression.getText())) {
			const options = (node.arguments ?? []).flatMap((argument) => literalsIn(argument));
			for (const { properties } of options) {
				for (const property of properties) {
					if (property.name?.getText() !== 'description') continue;
					found.push(ts.isPropertyAssignment(property) ? property.initializer : node);
				}
			}
		}
		if (
			ts.isBinaryExpression(node) &&
			node.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
			/^\w*[eE]rror\.description$|^known\.description$/.test(node.left.getText())
		) {
			found.push(node.right);
		}
		ts.forEachChild(node, visit);
	};
	visit(source);
	return found;
}

/** Object literals in an argument, also those that are spread into another. */
function literalsIn(node: ts.Node): ts.ObjectLiteralExpression[] {
	const nested: ts.ObjectLiteralExpression[] = [];
	if (ts.isObjectLiteralExpression(node)) nested.push(node);
	ts.forEachChild(node, (child) => {
		if (!ts.isNewExpression(child)) nested.push(...literalsIn(child));
	});
	return nested;
}

/** n8n's editor joins the lines of a description, so each has to end like a sentence. */
function endsLikeSentences(expression: ts.Expression): boolean {
	if (ts.isStringLiteralLike(expression)) return isSentences(expression.text);
	if (ts.isTemplateExpression(expression)) {
		return isSentences(expression.templateSpans.at(-1)?.literal.text ?? '');
	}
	// These see to it themselves; the last takes lines away from what another has made.
	const made =
		/^(inLines|nothingSent|descriptionOf)\(|^error\.description\?\.replace\(nothingSent\(/;
	return made.test(expression.getText()) || isListOfSentences(expression);
}

/** `[...].join('\\n')`, of whose parts each is a sentence. */
function isListOfSentences(expression: ts.Expression): boolean {
	const text = expression.getText();
	const parts = [...text.matchAll(/`([^`]*)`/g)].map(([, part = '']) => part);
	return text.endsWith(".join('\\n')") && parts.some(isSentences) && text.includes('nothingSent(');
}

function isSentences(text: string): boolean {
	return text.split('\n').every((line) => /[.!?]$/.test(line));
}

const all = sources().flatMap((source) =>
	descriptionsIn(source).map((expression) => ({ file: source.fileName, expression })),
);

it('every line below an error ends with a full stop', () => {
	expect(all.length).toBeGreaterThan(20);
	const bare = all.filter(({ expression }) => !endsLikeSentences(expression));
	expect(bare.map(({ file, expression }) => `${file}: ${expression.getText()}`)).toEqual([]);
});

it('a text without one is found', () => {
	const wrong = (code: string) =>
		descriptionsIn(ts.createSourceFile('a.ts', code, ts.ScriptTarget.ES2022, true)).filter(
			(expression) => !endsLikeSentences(expression),
		).length;
	expect(wrong("throw new NodeOperationError(node, 'm', { description: 'Try again' });")).toBe(1);
	expect(wrong("throw new NodeOperationError(node, 'm', { description: 'Try again.' });")).toBe(0);
	expect(wrong('throw new NodeOperationError(node, "m", { itemIndex, description });')).toBe(1);
	expect(wrong('error.description = `${one}.\\n${two}`;')).toBe(1);
	expect(wrong('error.description = inLines(lines);')).toBe(0);
});
