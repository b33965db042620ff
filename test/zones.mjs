/**
 * The rooms of nodes/InSigner, and from which others each may import. Lint holds the code to it (eslint.config.mjs), and
 * a test holds the picture in docs/architecture.md to it. The node classes beside the rooms may import from all.
 *
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const zones = {
	json: [],
	pdf: [],
	api: ['json'],
	parameters: ['json'],
	documents: ['api', 'json'],
	templates: ['api', 'json', 'parameters'],
	events: ['api', 'documents', 'json', 'parameters'],
	webhooks: ['api', 'events', 'json'],
	methods: ['api', 'parameters', 'templates'],
	actions: ['api', 'documents', 'events', 'json', 'parameters', 'pdf', 'templates', 'webhooks'],
	trigger: ['api', 'events', 'webhooks'],
	polling: ['api', 'documents', 'events', 'json'],
};
