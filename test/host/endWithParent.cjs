/**
 * Loaded into n8n before n8n itself. Its standard input is a pipe that only the process that started it holds: when
 * that process is gone, for whatever reason (also SIGKILL, also a test runner that swallows exit events), the pipe
 * closes and n8n ends too instead of staying behind.
 */
'use strict';

const { isMainThread } = require('node:worker_threads');

const GRACE_MS = 15_000;

// n8n's worker threads and forked processes load this file too, and have other, already closed inputs.
if (isMainThread && process.send === undefined) {
	process.stdin.on('error', () => {});
	process.stdin.once('close', () => {
		process.stderr.write('The process that started n8n is gone, so n8n ends too.\n');
		process.kill(process.pid, 'SIGTERM');
		setTimeout(() => process.exit(1), GRACE_MS).unref();
	});
	process.stdin.resume();
	// The pipe alone must not keep n8n running when it shuts down by itself.
	if (typeof process.stdin.unref === 'function') process.stdin.unref();
}
