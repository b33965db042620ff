/**
 * The rooms of nodes/InSigner, and which others each may import from. Lint enforces this (eslint.config.mjs), and a
 * test compares it with the picture in docs/architecture.md. The node classes next to the rooms may import from all.
 *
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const zones = {
	json: [],
	marks: [],
	pdf: [],
	api: ['json'],
	parameters: ['json'],
	documents: ['api', 'json'],
	templates: ['api', 'json', 'parameters'],
	events: ['api', 'documents', 'json', 'marks', 'parameters'],
	webhooks: ['api', 'events', 'json'],
	methods: ['api', 'parameters', 'templates'],
	actions: [
		'api',
		'documents',
		'events',
		'json',
		'marks',
		'parameters',
		'pdf',
		'templates',
		'webhooks',
	],
	trigger: ['api', 'events', 'webhooks'],
	polling: ['api', 'documents', 'events', 'json'],
};
