import { join, resolve } from 'node:path';
import ts from 'typescript';

const project = resolve(__dirname, '..', '..');
const sources = join(project, 'nodes/InSigner');

/** Somebody who may call endpoints, by the name that documentation uses, e.g. `Document: Get Many`. */
export interface User {
	kind: 'operation' | 'trigger' | 'picker';
	name: string;
	/** Names of the table in api/endpoints.ts. */
	endpoints: ReadonlySet<string>;
}

/**
 * Follows the code from every operation of the menu, every method of the triggers and every picker to the endpoints it
 * may call: function by function, as the compiler resolves names. What `requestInferred` looks up after a 404, to tell
 * a missing object from a missing endpoint, is left out.
 *
 * @returns operations in the order of the menu, then the triggers, then the pickers
 * @throws Error when an endpoint is called whose name the code does not tell
 */
export function findUsers(): User[] {
	const config = ts.readConfigFile(join(project, 'tsconfig.json'), (file) => ts.sys.readFile(file));
	const { fileNames, options } = ts.parseJsonConfigFileContent(config.config, ts.sys, project);
	const program = ts.createProgram(fileNames, { ...options, noEmit: true });
	const calls = new CallGraph(program.getTypeChecker());

	const resources = calls.objectsIn(calls.exported(program, 'actions/resources.ts', 'resources'));
	const operations = resources.flatMap((resource) =>
		calls.objectsIn(calls.property(resource, 'operations')).map((operation): User => {
			const menu = calls.property(operation, 'menu');
			const execute = calls.find(operation, 'execute') ?? calls.property(operation, 'executeAll');
			return {
				kind: 'operation',
				name: `${calls.text(resource, 'name')}: ${calls.text(menu, 'name')}`,
				endpoints: calls.endpointsFrom([execute]),
			};
		}),
	);
	const triggers = {
		'inSigner Trigger': calls.exported(program, 'InSignerTrigger.node.ts', 'InSignerTrigger'),
		'inSigner Polling Trigger': calls.exported(
			program,
			'InSignerPollingTrigger.node.ts',
			'InSignerPollingTrigger',
		),
	};
	const pickers = calls.exports(program, 'methods/listSearch.ts');
	return [
		...operations,
		...Object.entries(triggers).map(
			([name, trigger]): User => ({
				kind: 'trigger',
				name,
				endpoints: calls.endpointsFrom([trigger]),
			}),
		),
		{ kind: 'picker', name: 'Pickers', endpoints: calls.endpointsFrom(pickers) },
	];
}

class CallGraph {
	constructor(private readonly checker: ts.TypeChecker) {}

	/** The endpoints that code may call, with everything it refers to in nodes/. */
	endpointsFrom(entries: ts.Node[]): Set<string> {
		const found = new Set<string>();
		const seen = new Set<ts.Node>();
		const follow = (declaration: ts.Node) => {
			if (seen.has(declaration)) return;
			seen.add(declaration);
			visit(declaration);
		};
		const visit = (node: ts.Node): void => {
			if (ts.isTypeNode(node)) return;
			if (ts.isCallExpression(node)) for (const name of this.endpointsOf(node)) found.add(name);
			if (ts.isIdentifier(node)) this.declarationsOf(node).forEach(follow);
			ts.forEachChild(node, visit);
		};
		entries.forEach(follow);
		return found;
	}

	/** What a call gives for a parameter named `endpoint`; nothing where it only passes its own on. */
	private endpointsOf(call: ts.CallExpression): string[] {
		const parameters = this.checker.getResolvedSignature(call)?.parameters ?? [];
		const at = parameters.findIndex(({ name }) => name === 'endpoint');
		const argument = call.arguments[at];
		if (!argument) return [];
		const type = this.checker.getTypeAtLocation(argument);
		if (type.isStringLiteral()) return [type.value];
		const declared = this.checker.getSymbolAtLocation(argument)?.valueDeclaration;
		if (declared && ts.isParameter(declared)) return [];
		throw new Error(`Which endpoint is called is not clear: ${call.getText()}`);
	}

	/** The code behind a name, as far as it is ours. */
	private declarationsOf(name: ts.Identifier): ts.Node[] {
		const { parent } = name;
		const symbol = ts.isShorthandPropertyAssignment(parent)
			? this.checker.getShorthandAssignmentValueSymbol(parent)
			: this.checker.getSymbolAtLocation(name);
		return this.original(symbol).filter((declaration) => {
			if (!declaration.getSourceFile().fileName.startsWith(sources)) return false;
			if (ts.isFunctionDeclaration(declaration)) {
				return declaration.name?.text !== 'requestInferred';
			}
			return (
				ts.isVariableDeclaration(declaration) ||
				ts.isMethodDeclaration(declaration) ||
				ts.isPropertyAssignment(declaration) ||
				ts.isClassDeclaration(declaration)
			);
		});
	}

	/** Where something is declared, past imports. */
	private original(symbol: ts.Symbol | undefined): ts.Declaration[] {
		if (!symbol) return [];
		const isAlias = (symbol.flags & ts.SymbolFlags.Alias) !== 0;
		return (isAlias ? this.checker.getAliasedSymbol(symbol) : symbol).declarations ?? [];
	}

	exports(program: ts.Program, file: string): ts.Declaration[] {
		const source = program.getSourceFile(join(sources, file));
		const module = source && this.checker.getSymbolAtLocation(source);
		if (!module) throw new Error(`${file} exports nothing`);
		return this.checker.getExportsOfModule(module).flatMap((symbol) => this.original(symbol));
	}

	exported(program: ts.Program, file: string, name: string): ts.Declaration {
		const found = this.exports(program, file).find(
			(declaration) => ts.getNameOfDeclaration(declaration)?.getText() === name,
		);
		if (!found) throw new Error(`${file} does not export ${name}`);
		return found;
	}

	/** The objects whose names stand in an array. */
	objectsIn(declaration: ts.Node): ts.Node[] {
		const list = initializerOf(declaration);
		if (!list || !ts.isArrayLiteralExpression(list)) throw new Error('Not an array');
		return list.elements.map((element) => {
			const [found] = this.original(this.checker.getSymbolAtLocation(element));
			if (!found) throw new Error(`${element.getText()} is not declared`);
			return found;
		});
	}

	/** A property of an object, or of the object that a name stands for. */
	find(declaration: ts.Node, name: string): ts.Node | undefined {
		const object = initializerOf(declaration);
		if (!object || !ts.isObjectLiteralExpression(object)) throw new Error('Not an object');
		return object.properties.find((property) => property.name?.getText() === name);
	}

	property(declaration: ts.Node, name: string): ts.Node {
		const found = this.find(declaration, name);
		if (!found) throw new Error(`${declaration.getText().slice(0, 40)} has no ${name}`);
		return found;
	}

	text(declaration: ts.Node, name: string): string {
		const value = initializerOf(this.property(declaration, name));
		if (!value || !ts.isStringLiteral(value)) throw new Error(`${name} is not a text`);
		return value.text;
	}
}

function initializerOf(declaration: ts.Node): ts.Expression | undefined {
	return ts.isVariableDeclaration(declaration) || ts.isPropertyAssignment(declaration)
		? declaration.initializer
		: undefined;
}
