/**
 * The rooms of nodes/InSigner, and from which others each may import. Lint holds the code to it (eslint.config.mjs), and
 * a test holds the picture in docs/architecture.md to it. The node classes beside the rooms may import from all.
 *
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const zones = {
	api: [],
	parameters: [],
	pdf: [],
	documents: ['api'],
	templates: ['api', 'parameters'],
	events: ['api', 'documents', 'parameters'],
	webhooks: ['api', 'events', 'parameters'],
	methods: ['api', 'parameters', 'templates'],
	actions: ['api', 'documents', 'events', 'parameters', 'pdf', 'templates', 'webhooks'],
	trigger: ['api', 'events', 'webhooks'],
	polling: ['api', 'documents', 'events'],
};
