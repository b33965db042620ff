'use strict';

// The build: clean -> compile -> copy what is not TypeScript -> check that dist has everything package.json declares.
const { execFile } = require('node:child_process');
const { existsSync } = require('node:fs');
const { rm } = require('node:fs/promises');
const { join } = require('node:path');
const { promisify } = require('node:util');
const { dest, series, src } = require('gulp');

const manifest = require('./package.json');

const clean = () => rm('dist', { recursive: true, force: true });

const compile = async () => {
	const tsc = require.resolve('typescript/bin/tsc');
	await promisify(execFile)(process.execPath, [tsc, '-p', 'tsconfig.json']).catch((error) => {
		throw new Error(`TypeScript:\n${error.stdout}`);
	});
};

/** Icons, codex files and output previews keep their path below the root. */
const copy = () =>
	src(['icons/*.svg', 'nodes/**/*.node.json', 'nodes/**/__schema__/**/*.json'], { base: '.' }).pipe(
		dest('dist'),
	);

/** Where n8n looks for output previews: a file per operation, or one for a node without operations. */
const previewsOf = (folder, { properties }) => {
	const menus = properties.filter(({ name }) => name === 'operation');
	if (menus.length === 0) return [`${folder}.json`];
	return menus.flatMap(({ displayOptions, options }) =>
		options.map(({ value }) => join(folder, displayOptions.show.resource[0], `${value}.json`)),
	);
};

/** n8n would only notice a missing file on a user's machine. */
const check = async () => {
	const { credentials, nodes } = manifest.n8n;
	const codex = nodes.map((node) => node.replace(/\.js$/, '.json'));
	const icons = [];
	const previews = [];
	for (const file of [...credentials, ...nodes]) {
		const [exported] = Object.values(require(join(__dirname, file)));
		const { icon, description } = new exported();
		for (const value of Object.values(icon ?? description.icon)) {
			icons.push(join(file, '..', value.replace(/^file:/, '')));
		}
		if (description)
			previews.push(...previewsOf(join(file, '..', '__schema__/v1.0.0'), description));
	}
	const isMissing = (file) => !existsSync(file);
	const missing = [...credentials, ...nodes, ...codex, ...icons].filter(isMissing);
	if (missing.length > 0) throw new Error(`Missing in dist: ${missing.join(', ')}`);
	const unwritten = previews.filter(isMissing);
	if (unwritten.length > 0) {
		throw new Error(`No output preview: ${unwritten.join(', ')}; run npm run docs:schemas`);
	}
};

exports.clean = clean;
exports.check = check;
exports.build = series(clean, compile, copy, check);
