/** The documented form of a key: `isk_` and 44 URL-safe characters (getting-started/authentication). */
const API_KEY = /^isk_[A-Za-z0-9_-]{44}$/;

/**
 * Says what is wrong with an API key, without ever repeating the key.
 *
 * @param apiKey - the key as typed into the credential
 * @returns a sentence for people, or undefined when the key has the documented form
 */
export function problemWithApiKey(apiKey: string): string | undefined {
	if (API_KEY.test(apiKey)) return undefined;
	const where = 'Copy it again from Dashboard > Developers > API Keys in inSigner';
	if (apiKey === '') return `The API key is empty. ${where}.`;
	if (/\s/.test(apiKey)) return `The API key contains a space or a line break. ${where}.`;
	if (!apiKey.startsWith('isk_')) return `An inSigner API key starts with "isk_". ${where}.`;
	return `An inSigner API key has 44 characters after "isk_" (letters, digits, - and _); this one has ${apiKey.length - 4} or holds others. ${where}.`;
}
