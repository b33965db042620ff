import type {
	IExecuteFunctions,
	IHookFunctions,
	INode,
	INodeProperties,
	IPollFunctions,
	IWebhookFunctions,
} from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import { DateTime } from 'luxon';

import { nothingSent } from './checks';
import { isObject, parsed } from '../json/json';
import {
	inWords,
	isEmpty,
	isExpression,
	isNothing,
	readChoice,
	readChoices,
	readId,
	readList,
	readNumber,
	readObject,
	readText,
	readTime,
	readWholeNumber,
	readYesNo,
	type Bounds,
	type Reading,
} from './values';

/** What reading a parameter needs to know of it. */
export type Parameter = Pick<
	INodeProperties,
	'name' | 'displayName' | 'default' | 'options' | 'typeOptions'
>;

/** Where the values come from. */
interface Source {
	readonly node: INode;
	/** IANA name of the zone of the workflow. */
	readonly zone: string;
	/** Index of the input item, from 0; undefined if there are no items. */
	readonly itemIndex?: number;
	/** What errors put before the name of a parameter, for example "Signer 2: ". */
	readonly within: string;
	/** What n8n gives for a name, expressions resolved; {@link NOT_SET} if there is nothing. */
	get(name: string): unknown;
	/** Whether it was entered as an expression, as far as that is known. */
	isExpression?(name: string): boolean;
}

/** Tells a parameter that is not set from one whose expression gives nothing. No value starts like this. */
export const NOT_SET = '\u0000notSet';

/** What is wrong with an expression without a value, as the rest of a sentence that starts with the parameter. */
export const GIVES_NOTHING = 'the expression gives nothing for this item';

/**
 * The parameters of one input item, each read as the type it has. The only way to read a parameter: values
 * come from forms, spreadsheets, expressions and language models, and are seldom of the type the form shows.
 * Every method accepts values whose meaning is plain and throws for the rest.
 */
export class Parameters {
	/** @param source - where the values come from */
	constructor(private readonly source: Source) {}

	/** Whether it is set at all: an option that was added, even when its expression gives nothing. */
	has({ name }: Parameter): boolean {
		return this.source.get(name) !== NOT_SET;
	}

	/**
	 * For what must not be passed over: a filter without a value would let everything through, a change without
	 * one would empty what is there.
	 *
	 * @param parameter - an option
	 * @returns these parameters where the option was added, undefined where it was not
	 * @throws NodeOperationError when it was added and its expression gives nothing; an empty text is a value
	 */
	added(parameter: Parameter): this | undefined {
		if (!this.has(parameter)) return undefined;
		if (isNothing(this.valueOf(parameter))) this.refuseNothing(parameter);
		return this;
	}

	/**
	 * For what one can do without.
	 *
	 * @param parameter - an option
	 * @returns these parameters where the option was added and holds something, undefined otherwise
	 */
	filledIn(parameter: Parameter): this | undefined {
		return this.has(parameter) && !isEmpty(this.valueOf(parameter)) ? this : undefined;
	}

	/** Whether nothing was entered: no value, and no expression, which may give nothing for just this item. */
	isLeftEmpty(parameter: Parameter): boolean {
		return isEmpty(this.valueOf(parameter)) && !this.source.isExpression?.(parameter.name);
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
	 * @param parameter - a picker, or a text that holds an ID
	 * @returns the ID; empty where none is chosen
	 * @throws NodeOperationError that names the parameter when it holds anything else, or an address without an ID
	 */
	id(parameter: Parameter): string {
		return this.read(parameter, readId);
	}

	/**
	 * @param parameter - a picker in which something must be chosen
	 * @returns the ID
	 * @throws NodeOperationError as id() does; also when none is chosen, or the expression gives none
	 */
	chosenId(parameter: Parameter): string {
		const id = this.id(parameter);
		if (id !== '') return id;
		if (this.source.isExpression?.(parameter.name)) this.refuseNothing(parameter);
		this.refuse(parameter, "isn't selected");
	}

	/**
	 * @param parameter - a number; bounds in its typeOptions hold as they do in the editor
	 * @returns its default where it is not set
	 * @throws NodeOperationError that names the parameter if it is not such a number, or its expression gives nothing
	 */
	number(parameter: Parameter): number {
		return this.read(parameter, (value) => readNumber(value, boundsOf(parameter)));
	}

	/**
	 * @param parameter - a whole number; bounds in its typeOptions hold as they do in the editor
	 * @returns its default where it is not set
	 * @throws NodeOperationError as number() does
	 */
	wholeNumber(parameter: Parameter): number {
		return this.read(parameter, (value) => readWholeNumber(value, boundsOf(parameter)));
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
	 * @throws NodeOperationError that names the parameter if it is not a date
	 */
	time(parameter: Parameter, day: 'start' | 'end' = 'start'): DateTime | undefined {
		return this.read(parameter, (value) => readTime(value, this.source.zone, day));
	}

	/** The present time, in the zone of the workflow. */
	now(): DateTime {
		return DateTime.now().setZone(this.source.zone);
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
		return this.read(parameter, (value) => readChoice(value, choices, shownIn(parameter)));
	}

	/**
	 * @param parameter - some of a few choices
	 * @param choices - as they are stored
	 * @returns each once; its default where it is not set, none where its expression gives nothing
	 * @throws NodeOperationError that names the parameter and its choices when one is none of them
	 */
	choices<T extends string>(parameter: Parameter, choices: readonly T[]): T[] {
		return this.read(parameter, (value) => readChoices(value, choices, shownIn(parameter)));
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
		if (isEmpty(value)) this.refuse(parameter, 'is empty');
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
	 * @throws NodeOperationError that names the parameter if it is not a collection
	 */
	collection(parameter: Parameter): Parameters {
		const value = this.valueOf(parameter);
		if (isNothing(value)) this.refuseNothing(parameter);
		if (!isObject(value)) this.refuse(parameter, `must be an object, but is ${inWords(value)}`);
		const { source } = this;
		return this.inside(
			value,
			source.within,
			(name) => source.isExpression?.(`${parameter.name}.${name}`) ?? false,
		);
	}

	/**
	 * @param parameter - a list of rows, each with the same inputs
	 * @param row - name of the rows in the parameter; errors call one by its display name and number
	 * @returns the parameters of each row
	 * @throws NodeOperationError that names the parameter when it holds anything else
	 */
	rows(parameter: Parameter, { name, displayName }: Parameter): Parameters[] {
		const held = this.collection(parameter).source.get(name);
		if (isNothing(held)) this.refuseNothing(parameter);
		const list = held === NOT_SET ? [] : [held].flat();
		const rows = list.filter(isObject);
		if (rows.length !== list.length) this.refuse(parameter, 'must be a list of objects');
		return this.nested(rows, displayName);
	}

	/**
	 * The value as n8n gives it, for parameters with a reader of their own.
	 *
	 * @param parameter - any parameter
	 * @returns its default where it is not set
	 */
	valueOf({ name, default: otherwise }: Parameter): unknown {
		const value = this.source.get(name);
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

	private refuseNothing({ displayName }: Parameter): never {
		this.refuse({ displayName: `${displayName}:` }, GIVES_NOTHING);
	}

	private read<T>(parameter: Parameter, reading: (value: unknown) => Reading<T>): T {
		const read = reading(this.valueOf(parameter));
		return 'value' in read ? read.value : this.refuse(parameter, read.message);
	}

	private nested(objects: Array<Record<string, unknown>>, name: string): Parameters[] {
		return objects.map((object, index) => this.inside(object, `${name} ${index + 1}: `));
	}

	private inside(
		object: Record<string, unknown>,
		within: string,
		wasExpression?: Source['isExpression'],
	): Parameters {
		const get = (name: string) => valueIn(object, name);
		return new Parameters({ ...this.source, within, get, isExpression: wasExpression });
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
		get: (name) => ctx.getNodeParameter(name, itemIndex, NOT_SET),
		isExpression: (name) =>
			isExpression(ctx.getNodeParameter(name, itemIndex, NOT_SET, { rawExpressions: true })),
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
 * The parameters of a trigger, the same for all items, whatever n8n asks of it.
 *
 * @param ctx - n8n's context
 */
export function parametersOfTrigger(
	ctx: IExecuteFunctions | IHookFunctions | IPollFunctions | IWebhookFunctions,
): Parameters {
	return new Parameters({
		node: ctx.getNode(),
		zone: ctx.getTimezone(),
		within: '',
		get: (name) =>
			// In an execution the second argument is the index of an item.
			'getInputData' in ctx
				? ctx.getNodeParameter(name, 0, NOT_SET)
				: ctx.getNodeParameter(name, NOT_SET),
	});
}

/** What the editor shows for a choice. */
function shownIn<T extends string>({ options }: Parameter): (choice: T) => string {
	return (choice) =>
		options?.find((option) => 'value' in option && option.value === choice)?.name ?? choice;
}

function boundsOf({ typeOptions }: Parameter): Bounds {
	return { min: typeOptions?.minValue, max: typeOptions?.maxValue };
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

function valueIn(object: Record<string, unknown>, name: string): unknown {
	return Object.hasOwn(object, name) ? object[name] : NOT_SET;
}
