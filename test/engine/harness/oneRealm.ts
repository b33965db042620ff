import { types } from 'node:util';

/**
 * Makes `instanceof Error` recognize errors that Node.js itself created.
 *
 * jest runs tests in a realm with an Error class of its own, so that the AbortError of a cancelled request, or an
 * error of fs or zlib, is not `instanceof Error` there. n8n checks exactly that in many places and would behave
 * differently than in a real process.
 *
 * @returns a function that undoes it
 */
export function recogniseErrorsOfNode(): () => void {
	const ordinary = Function.prototype[Symbol.hasInstance];
	Object.defineProperty(Error, Symbol.hasInstance, {
		configurable: true,
		value(this: unknown, candidate: unknown): boolean {
			if (ordinary.call(this, candidate)) return true;
			// Subclasses inherit this method and keep the ordinary answer.
			if (this !== Error) return false;
			return types.isNativeError(candidate) || candidate instanceof DOMException;
		},
	});
	return () => {
		Reflect.deleteProperty(Error, Symbol.hasInstance);
	};
}
