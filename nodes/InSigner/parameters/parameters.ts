import type {
	IExecuteFunctions,
	IHookFunctions,
	INode,
	INodeProperties,
	IPollFunctions,
	IWebhookFunctions,
} from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import type { DateTime } from 'luxon';

import { nothingSent } from './checks';
import { isObject, parsed } from './json';
import {
	inWords,
	isEmpty,
	readChoice,
	readList,
	readNumber,
	readObject,
	readText,
	readTime,
	readWholeNumber,
	readYesNo,
	type Reading,
} from './values';

/** What reading a parameter needs to know of it. */
export type Parameter = Pick<INodeProperties, 'name' | 'displayName' | 'default' | 'options'>;

/** Where the values come from. */
interface Source {
	readonly node: INode;
	/** IANA name of the zone of the workflow. */
	readonly zone: string;
	/** Index of the input item, from 0; undefined where there are no items. */
	readonly itemIndex?: number;
	/** What errors put before the name of a parameter, for example "Signer 2: ". */
	readonly within: string;
	/** What n8n gives for a name, expressions resolved; `notSet` where there is nothing. */
	get(name: string, notSet: string): unknown;
}

/** Tells a parameter that is not set from one whose expression gives nothing. No value starts like this. */
const NOT_SET = '\u0000not set';

/**
 * The parameters of one input item, each read as the type it has. The only way to read a parameter: values
 * come from forms, spreadsheets, expressions and language models, and are seldom of the type the form shows.
 * Every method takes what plainly means the thing and throws for the rest.
 */
export class Parameters {
	/** @param source - where the values come from */
	constructor(private readonly source: Source) {}

	/** Whether it is set at all: an option that was added, even when its expression gives nothing. */
	has({ name }: Parameter): boolean {
		return this.source.get(name, NOT_SET) !== NOT_SET;
	}

	/**
	 * @param parameter - a text
	 * @returns without white space around it; empty where it is not set or its expression gives nothing
	 * @throws NodeOperationError that names the parameter when it is neither text nor number
	 */
	text(parameter: Parameter): string {
		return this.read(parameter, readText);
	}

	/**
	 * @param parameter - a number
	 * @returns its default where it is not set
	 * @throws NodeOperationError that names the parameter when it is no number, or its expression gives nothing
	 */
	number(parameter: Parameter): number {
		return this.read(parameter, readNumber);
	}

	/**
	 * @param parameter - a whole number
	 * @returns its default where it is not set
	 * @throws NodeOperationError as number() does
	 */
	wholeNumber(parameter: Parameter): number {
		return this.read(parameter, readWholeNumber);
	}

	/**
	 * @param parameter - a switch
	 * @returns its default where it is not set
	 * @throws NodeOperationError that names the parameter when it says neither yes nor no, or nothing at all
	 */
	yesNo(parameter: Parameter): boolean {
		return this.read(parameter, readYesNo);
	}

	/**
	 * @param parameter - a date, perhaps with a time of day
	 * @param day - which end of the day a date without a time of day stands for
	 * @returns undefined where it is not set or its expression gives nothing
	 * @throws NodeOperationError that names the parameter when it is no date
	 */
	time(parameter: Parameter, day: 'start' | 'end' = 'start'): DateTime | undefined {
		return this.read(parameter, (value) => readTime(value, this.source.zone, day));
	}

	/**
	 * @param parameter - a list of texts
	 * @returns the texts; none where it is not set or its expression gives nothing
	 * @throws NodeOperationError that names the parameter when it holds anything but texts and numbers
	 */
	list(parameter: Parameter): string[] {
		return this.read(parameter, readList);
	}

	/**
	 * @param parameter - one of a few choices
	 * @param choices - as they are stored
	 * @returns its default where it is not set
	 * @throws NodeOperationError that names the parameter and its choices when it is none of them
	 */
	choice<T extends string>(parameter: Parameter, choices: readonly T[]): T {
		const shownAs = (choice: T) =>
			parameter.options?.find((option) => 'value' in option && option.value === choice)?.name ??
			choice;
		return this.read(parameter, (value) => readChoice(value, choices, shownAs));
	}

	/**
	 * @param parameter - a JSON parameter that holds an object
	 * @returns the object, given as one or as its text; undefined where it is not set or its expression gives nothing
	 * @throws NodeOperationError that names the parameter when it is anything else
	 */
	object(parameter: Parameter): Record<string, unknown> | undefined {
		return this.read(parameter, readObject);
	}

	/**
	 * @param parameter - a JSON parameter that holds a list of objects, or one object
	 * @param entry - what errors call an entry, for example "Signer"; its number is added
	 * @param keys - the keys that are read, each with other words for it. An entry that uses one of those, or
	 * another spelling of a key, is refused: it would be passed over without a word.
	 * @returns the parameters of each entry
	 * @throws NodeOperationError that names the parameter when it is anything else
	 */
	entries(
		parameter: Parameter,
		entry: string,
		keys: Readonly<Record<string, readonly string[]>> = {},
	): Parameters[] {
		const value = this.valueOf(parameter);
		const list: unknown = typeof value === 'string' ? parsed(value) : value;
		const objects = [list].flat().filter(isObject);
		if (objects.length !== [list].flat().length) {
			this.refuse(parameter, 'must be a JSON list of objects');
		}
		const meant = meantKeys(keys);
		return this.nested(objects, entry).map((nested, index) => {
			for (const [key, held] of Object.entries(objects[index] ?? {})) {
				const right = meant.get(plainKey(key));
				if (right === undefined || right === key || isEmpty(held)) continue;
				nested.refuse({ displayName: `"${key}"` }, `is not read here: use "${right}"`);
			}
			return nested;
		});
	}

	/**
	 * @param parameter - a collection of options
	 * @returns the options that were added
	 * @throws NodeOperationError that names the parameter when it is no collection
	 */
	collection(parameter: Parameter): Parameters {
		const value = this.valueOf(parameter) ?? {};
		if (!isObject(value)) this.refuse(parameter, `must be an object, but is ${inWords(value)}`);
		return new Parameters({ ...this.source, get: (name, notSet) => valueIn(value, name, notSet) });
	}

	/**
	 * @param parameter - a list of rows, each with the same inputs
	 * @param row - name of the rows in the parameter; errors call one by its display name and number
	 * @returns the parameters of each row
	 * @throws NodeOperationError that names the parameter when it holds anything else
	 */
	rows(parameter: Parameter, { name, displayName }: Parameter): Parameters[] {
		const held = this.collection(parameter).source.get(name, NOT_SET);
		const list = held === NOT_SET || held === null || held === undefined ? [] : [held].flat();
		const rows = list.filter(isObject);
		if (rows.length !== list.length) this.refuse(parameter, 'must be a list of objects');
		return this.nested(rows, displayName);
	}

	/**
	 * The value as n8n gives it, for what has a reader of its own.
	 *
	 * @param parameter - any parameter
	 * @returns its default where it is not set
	 */
	valueOf({ name, default: otherwise }: Parameter): unknown {
		const value = this.source.get(name, NOT_SET);
		return value === NOT_SET ? otherwise : value;
	}

	/**
	 * Refuses a value.
	 *
	 * @param parameter - the parameter at fault
	 * @param message - what is wrong, as the rest of a sentence that starts with the parameter
	 * @throws NodeOperationError always, with the name of the parameter and the item
	 */
	refuse({ displayName }: Pick<Parameter, 'displayName'>, message: string): never {
		const { node, itemIndex, within } = this.source;
		throw new NodeOperationError(node, `${within}${displayName} ${message}`, {
			itemIndex,
			...(itemIndex !== undefined && { description: nothingSent(itemIndex) }),
		});
	}

	private read<T>(parameter: Parameter, reading: (value: unknown) => Reading<T>): T {
		const read = reading(this.valueOf(parameter));
		return 'value' in read ? read.value : this.refuse(parameter, read.message);
	}

	private nested(objects: Array<Record<string, unknown>>, name: string): Parameters[] {
		return objects.map((object, index) => {
			const within = `${name} ${index + 1}: `;
			return new Parameters({
				...this.source,
				within,
				get: (key, notSet) => valueIn(object, key, notSet),
			});
		});
	}
}

/**
 * The parameters of an input item.
 *
 * @param ctx - n8n's execution context
 * @param itemIndex - index of the input item, from 0
 */
export function parametersOf(ctx: IExecuteFunctions, itemIndex: number): Parameters {
	return new Parameters({
		node: ctx.getNode(),
		zone: ctx.getTimezone(),
		itemIndex,
		within: '',
		get: (name, notSet) => ctx.getNodeParameter(name, itemIndex, notSet),
	});
}

/**
 * The values of all parameters of an item, to tell two calls of a node apart.
 *
 * @param ctx - n8n's execution context
 * @param itemIndex - index of the input item, from 0
 * @returns by name, expressions resolved
 */
export function valuesOf(ctx: IExecuteFunctions, itemIndex: number): Record<string, unknown> {
	const names = Object.keys(ctx.getNode().parameters);
	return Object.fromEntries(
		names.map((name) => [name, ctx.getNodeParameter(name, itemIndex, null)]),
	);
}

/**
 * The parameters of a node that has no input items: of a trigger, whatever n8n asks of it.
 *
 * @param ctx - n8n's context
 */
export function parametersOfTrigger(
	ctx: IHookFunctions | IPollFunctions | IWebhookFunctions,
): Parameters {
	return new Parameters({
		node: ctx.getNode(),
		zone: ctx.getTimezone(),
		within: '',
		get: (name, notSet) => ctx.getNodeParameter(name, notSet),
	});
}

/** Which key is meant by a word, written in any way. */
function meantKeys(keys: Readonly<Record<string, readonly string[]>>): Map<string, string> {
	return new Map(
		Object.entries(keys).flatMap(([key, others]) =>
			[key, ...others].map((word) => [plainKey(word), key] as const),
		),
	);
}

function plainKey(key: string): string {
	return key.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

function valueIn(object: Record<string, unknown>, name: string, notSet: string): unknown {
	return Object.hasOwn(object, name) ? object[name] : notSet;
}
