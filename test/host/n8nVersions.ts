/** The versions of n8n that `npm run compat` tries: the newest 1.x, and 2.x from its first to its newest minors. */
export const N8N_VERSIONS = ['1.123.81', '2.0.3', '2.8.4', '2.17.7', '2.28.6', '2.36.9', '2.40.7'];
