/**
 * Loaded into n8n before n8n itself: what our nodes wait for longer than half a minute (the 5 minutes between two
 * bulk sends) passes at once, for them alone.
 */
'use strict';

const Module = require('node:module');

const LONG_MS = 30_000;
const CLOCK = /n8n-nodes-insigner[\\/]dist[\\/]nodes[\\/]InSigner[\\/]api[\\/]clock\.js$/;

const load = Module._extensions['.js'];
Module._extensions['.js'] = (module, file) => {
	load(module, file);
	if (!CLOCK.test(file)) return;
	const { clock } = module.exports;
	const { now, sleep } = clock;
	let aheadMs = 0;
	clock.now = () => now() + aheadMs;
	clock.sleep = async (ms, signal) => {
		if (ms < LONG_MS) return await sleep(ms, signal);
		signal?.throwIfAborted();
		aheadMs += ms;
	};
};
