/** Drives n8n's editor in a browser the way a person does. All knowledge of its pages is here. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { BrowserContext, Locator, Page } from 'playwright-core';

import type { Owner } from './client';

/** How long the editor may take for one step on a busy machine with two cores, in milliseconds. */
const PATIENCE_MS = 30_000;

const results = resolve(__dirname, '../../test-results');

/** The docs script names docs/images; a test run keeps its pictures for inspection. */
const picturesFolder = process.env.PICTURES_FOLDER ?? join(results, 'pictures');

export class Editor {
	/** What the page wrote to its console as an error. */
	readonly consoleErrors: string[] = [];

	private constructor(
		readonly page: Page,
		private readonly url: string,
	) {}

	/**
	 * Opens a page that reaches this machine and nothing else.
	 *
	 * @param context - a browser with an empty profile
	 * @param url - of the n8n server, without a slash at the end
	 */
	static async open(context: BrowserContext, url: string): Promise<Editor> {
		// The editor would ask npm for newer versions of installed nodes.
		await context.route(
			({ hostname }) => hostname !== '127.0.0.1',
			async (route) => await route.abort(),
		);
		const page = await context.newPage();
		page.setDefaultTimeout(PATIENCE_MS);
		const editor = new Editor(page, url);
		page.on('console', (message) => {
			if (message.type() === 'error') editor.consoleErrors.push(message.text());
		});
		page.on('pageerror', (error) => editor.consoleErrors.push(error.message));
		return editor;
	}

	/** What n8n's own tests know it by. */
	part(testId: string): Locator {
		return this.page.locator(`[data-test-id="${testId}"]`);
	}

	/** The panel with the details of the open node. */
	get details(): Locator {
		return this.part('ndv');
	}

	/** Its right side: the output, or what went wrong. */
	get output(): Locator {
		return this.part('output-panel');
	}

	async login({ email, password }: Owner): Promise<void> {
		await this.page.goto(`${this.url}/signin`, { waitUntil: 'domcontentloaded' });
		await this.page.locator('input[type="email"], input[name="emailOrLdapLoginId"]').fill(email);
		await this.page.locator('input[type="password"]').fill(password);
		await this.page.getByRole('button', { name: 'Sign in' }).click();
		await this.page.waitForURL((url) => !url.pathname.startsWith('/signin'));
	}

	async newWorkflow(): Promise<void> {
		await this.page.goto(`${this.url}/workflow/new`, { waitUntil: 'domcontentloaded' });
		await this.part('canvas-plus-button').waitFor();
	}

	/**
	 * Shows another workflow without loading the editor again, as its own links do.
	 *
	 * @param id - of the workflow
	 */
	async goToWorkflow(id: string): Promise<void> {
		await this.page.evaluate((path) => {
			history.pushState({}, '', path);
			dispatchEvent(new PopStateEvent('popstate', { state: {} }));
		}, `/workflow/${id}`);
		await this.part('canvas-node').first().waitFor({ state: 'detached' });
		await this.part('canvas-node').first().waitFor();
	}

	async openWorkflow(id: string): Promise<void> {
		await this.page.goto(`${this.url}/workflow/${id}`, { waitUntil: 'domcontentloaded' });
		await this.part('canvas-node').first().waitFor();
	}

	/**
	 * Searches in the node panel, opening it if it is closed.
	 *
	 * @param text - what a person types
	 * @returns inSigner's entry, not yet clicked
	 */
	async searchNode(text: string): Promise<Locator> {
		const search = this.part('node-creator-search-bar').last();
		if (!(await search.isVisible())) await this.part('node-creator-plus-button').first().click();
		const entry = this.part('node-creator-item-name').filter({ hasText: /^inSigner$/ });
		// What an earlier search has found must be gone before it can be found again.
		await search.fill('nothing is called like this');
		await entry.first().waitFor({ state: 'detached' });
		await search.fill(text);
		await entry.first().waitFor();
		return entry.first();
	}

	/**
	 * Adds a node to the canvas; its details open by themselves.
	 *
	 * @param group - whether it is one of the triggers or of the actions
	 * @param action - its name in the panel, e.g. `Create document from template`
	 */
	async addNode(group: 'Triggers' | 'Actions', action: string): Promise<void> {
		await (await this.searchNode('insigner')).click();
		await this.chooseEntry(group, action);
	}

	/** @param name - of the node on the canvas that the next one is connected to; opens the panel that adds it */
	async addAfter(name: string): Promise<void> {
		await this.part('canvas-node')
			.filter({ hasText: name })
			.locator('[data-test-id="canvas-handle-plus"]')
			.first()
			.click();
		await this.part('node-creator-search-bar').last().waitFor();
	}

	/**
	 * Chooses an action of inSigner in the open panel: an input and two clicks.
	 *
	 * @param action - its name in the panel
	 */
	async chooseAction(action: string): Promise<void> {
		await this.part('node-creator-search-bar').last().fill('insigner');
		await this.part('node-creator-item-name')
			.filter({ hasText: /^inSigner$/ })
			.first()
			.click();
		await this.chooseEntry('Actions', action);
	}

	private async chooseEntry(group: 'Triggers' | 'Actions', action: string): Promise<void> {
		const entry = this.page.getByText(action, { exact: true }).first();
		const heading = this.part('node-creator-category-item').filter({ hasText: group });
		await heading.waitFor();
		if (!(await entry.isVisible())) await heading.click();
		await entry.click();
		await this.details.waitFor();
	}

	/** The names of the parameters that the open node shows. */
	async shownParameters(): Promise<string[]> {
		const inputs = this.details.locator('[data-test-id^="parameter-input-"]:visible');
		await inputs.first().waitFor();
		// The input of some parameters has such an id of its own.
		const ids = await inputs.evaluateAll((parts) =>
			parts
				.filter((part) => !part.parentElement?.closest('[data-test-id^="parameter-input-"]'))
				.map((part) => part.getAttribute('data-test-id') ?? ''),
		);
		return ids.map((id) => id.replace('parameter-input-', ''));
	}

	/**
	 * Imports a workflow into the open, empty one.
	 *
	 * @param file - its path
	 */
	async importFromFile(file: string): Promise<void> {
		await this.part('workflow-menu').click();
		await this.part('workflow-menu-item-import').hover();
		const [chooser] = await Promise.all([
			this.page.waitForEvent('filechooser'),
			this.part('workflow-menu-item-import-from-file').click(),
		]);
		await chooser.setFiles(file);
		await this.part('canvas-node').first().waitFor();
	}

	/**
	 * Publishes the open workflow and waits until n8n says that it is.
	 *
	 * @returns the id of the workflow
	 */
	async publish(): Promise<string> {
		await this.part('workflow-open-publish-modal-button').click();
		await this.part('workflow-publish-button').click();
		const understood = this.page.getByRole('button', { name: 'Got it' });
		await understood.click();
		await understood.waitFor({ state: 'hidden' });
		return new URL(this.page.url()).pathname.split('/')[2] ?? '';
	}

	/** The production URL of the open trigger or form. */
	async productionUrl(): Promise<string> {
		await this.page
			.locator('[role="radio"], label')
			.filter({ hasText: /^\s*Production URL\s*$/ })
			.first()
			.click();
		const shown = this.details.getByText(/http\S+\/(form|webhook)\//).last();
		return (await shown.innerText()).trim();
	}

	/** The credential that is chosen in the open node. */
	async chosenCredential(): Promise<string> {
		const name = this.part('node-credentials-select').locator('input');
		// Until n8n has read the credentials, it shows the ID.
		await this.page.waitForFunction(
			(input) => /\s/.test((input as HTMLInputElement | null)?.value ?? ''),
			await name.elementHandle(),
		);
		return await name.inputValue();
	}

	/** @param name - of a node on the canvas */
	async openNode(name: string): Promise<void> {
		await this.part('canvas-node').filter({ hasText: name }).first().dblclick();
		await this.details.waitFor();
	}

	async closeNode(): Promise<void> {
		await this.part('ndv-close-button').click();
		await this.details.waitFor({ state: 'hidden' });
	}

	/** Closes the dialog of a credential. Escape would close the node below it too. */
	async closeCredential(): Promise<void> {
		await this.page.locator('.el-dialog__headerbtn').last().click();
		await this.part('credential-edit-dialog').waitFor({ state: 'hidden' });
	}

	/** The input of a parameter; several if it is in a list. */
	input(parameter: string): Locator {
		return this.details
			.locator(`[data-test-id="parameter-input-${parameter}"]`)
			.locator('input, textarea');
	}

	/**
	 * An input in the form of template slots.
	 *
	 * @param slot - from 0, in signing order
	 * @param input - which one of the slot
	 */
	slotInput(slot: number, input: 'name' | 'email' | 'phone'): Locator {
		return this.part('mapping-fields-container')
			.locator('input:visible, textarea:visible')
			.nth(slot * 3 + ['name', 'email', 'phone'].indexOf(input));
	}

	/**
	 * Adds a field to a form that begins without any.
	 *
	 * @param name - as the list of fields shows it
	 * @returns its input
	 */
	async addMappedField(name: string): Promise<Locator> {
		const inputs = this.part('mapping-fields-container').locator('input:visible, textarea:visible');
		const before = await inputs.count();
		await this.part('add-fields-select').locator('button').click();
		await this.page.getByRole('menuitem', { name, exact: true }).click();
		await inputs.nth(before).waitFor();
		return inputs.nth(before);
	}

	/** Types into an input and leaves it, as the hint of a focused one covers what is below. */
	async type(input: Locator, text: string): Promise<void> {
		await input.fill(text);
		await input.blur();
	}

	/** Replaces the expression in a parameter. */
	async typeExpression(parameter: string, text: string): Promise<void> {
		const line = this.part(`parameter-input-${parameter}`).locator('.cm-content').last();
		await line.click();
		await line.fill(text);
		await line.filter({ hasText: text }).waitFor();
		// The editor takes it over a moment after the last key.
		await this.page.waitForTimeout(500);
		await line.blur();
	}

	/**
	 * Opens the list of a resource locator.
	 *
	 * @returns its entries; more are loaded as it is scrolled
	 */
	async openList(parameter: string): Promise<Locator> {
		await this.part(`resource-locator-${parameter}`)
			.locator('[data-test-id="rlc-input"]')
			.first()
			.click();
		await this.part('rlc-item').first().waitFor();
		return this.part('rlc-item');
	}

	/** Types into the search of the open list, letter by letter as people do. */
	async searchList(text: string): Promise<void> {
		await this.page
			.locator('[data-test-id="rlc-search"] input, input[data-test-id="rlc-search"]')
			.last()
			.pressSequentially(text, { delay: 60 });
	}

	/** Runs the open node. */
	async execute(): Promise<void> {
		await this.part('node-execute-button').click();
	}

	/** The notes on the canvas whose text is longer than their box, by how they begin. */
	async cutNotes(): Promise<string[]> {
		return await this.part('sticky').evaluateAll((notes) =>
			notes
				.filter((note) =>
					Array.from(note.querySelectorAll('*')).some(
						(part) => part.clientHeight > 0 && part.scrollHeight > part.clientHeight + 1,
					),
				)
				.map((note) => (note.textContent ?? '').trim().slice(0, 40)),
		);
	}

	/** Waits until some text is readable in the output. */
	async outputShows(text: string | RegExp): Promise<void> {
		await this.output.getByText(text).first().waitFor();
	}

	/**
	 * Takes a picture of the whole page.
	 *
	 * @param name - of the PNG file
	 * @throws Error when a key is readable in the page
	 */
	async picture(name: string): Promise<void> {
		await mkdir(picturesFolder, { recursive: true });
		// A tooltip would stay where the mouse was, a notice comes and goes.
		await this.page.mouse.move(640, 8);
		await this.page.waitForTimeout(600);
		const readable = await this.page.locator('body').innerText();
		if (/isk_\w/.test(readable)) throw new Error(`Picture ${name} would show an API key.`);
		await this.page.screenshot({
			path: join(picturesFolder, `${name}.png`),
			animations: 'disabled',
			style: '.el-notification { visibility: hidden }',
		});
	}

	/**
	 * Keeps what a person needs to understand a failed test: test-results/<name>.png and <name>.txt.
	 *
	 * @param name - of the test
	 */
	async keepEvidence(name: string): Promise<void> {
		await mkdir(results, { recursive: true });
		const file = join(results, `browser ${name.replace(/[^\w -]+/g, '')}`);
		await this.page.screenshot({ path: `${file}.png` });
		await writeFile(`${file}.txt`, `${this.page.url()}\n${this.consoleErrors.join('\n')}\n`);
	}
}
