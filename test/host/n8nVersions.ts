/** The versions of n8n that `npm run compat` tries: the newest 1.x, and 2.x from its first to its newest minors. */
export const N8N_VERSIONS = ['1.123.81', '2.0.3', '2.8.4', '2.20.12', '2.30.8', '2.40.7'];
