import { inReadingOrder } from './representations';
import type { StoredDocument, StoredSigner } from './store';

const STYLE = `
	* { box-sizing: border-box; }
	body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: #1b2230; background: #eef1f6; }
	header { position: sticky; top: 0; z-index: 2; background: #003271; color: #fff; padding: 14px 24px;
		display: flex; gap: 16px; align-items: center; flex-wrap: wrap; }
	header h1 { font-size: 19px; margin: 0; flex: 1; }
	main { max-width: 900px; margin: 24px auto; padding: 0 16px; }
	.message { background: #fff; border-left: 4px solid #003271; padding: 12px 16px; white-space: pre-wrap; }
	.page { position: relative; margin: 20px auto; background: #fff; box-shadow: 0 2px 10px #0003; }
	.page canvas { display: block; width: 100%; }
	.field { position: absolute; border: 2px dashed #b26a00; background: #ffd54f66; border-radius: 4px;
		font-size: 12px; padding: 1px 5px; overflow: hidden; color: #5c3700; }
	form { display: inline; }
	button { font: inherit; border: 0; border-radius: 6px; padding: 9px 22px; cursor: pointer; }
	#sign { background: #1fa463; color: #fff; font-weight: 600; }
	#decline { background: #fff; color: #a32020; }
	.card { background: #fff; max-width: 520px; margin: 12vh auto; padding: 36px; text-align: center;
		border-radius: 12px; box-shadow: 0 2px 14px #0002; }
	.card .mark { font-size: 46px; line-height: 1; }
`;

/** Draws the PDF on canvases with pdf.js and lays the fields over them; positions are points from the top left. */
const SCRIPT = `
	import * as pdfjs from '/sign/pdfjs/build/pdf.min.mjs';
	pdfjs.GlobalWorkerOptions.workerSrc = '/sign/pdfjs/build/pdf.worker.min.mjs';
	const fields = JSON.parse(document.getElementById('fields').textContent);
	const target = document.getElementById('pdf');
	try {
		const pdf = await pdfjs.getDocument({
			url: location.pathname.replace(/\\/$/, '') + '/document.pdf',
			standardFontDataUrl: '/sign/pdfjs/standard_fonts/',
			useSystemFonts: false,
		}).promise;
		for (let number = 1; number <= pdf.numPages; number += 1) {
			const page = await pdf.getPage(number);
			const size = page.getViewport({ scale: 1 });
			const viewport = page.getViewport({ scale: 2 });
			const sheet = document.createElement('div');
			sheet.className = 'page';
			sheet.style.maxWidth = Math.round(size.width * 1.35) + 'px';
			const canvas = document.createElement('canvas');
			canvas.width = viewport.width;
			canvas.height = viewport.height;
			sheet.append(canvas);
			target.append(sheet);
			await page.render({ canvasContext: canvas.getContext('2d'), viewport }).promise;
			for (const field of fields.filter((one) => one.page === number)) {
				const box = document.createElement('div');
				box.className = 'field';
				box.textContent = field.label;
				box.style.left = (100 * field.x) / size.width + '%';
				box.style.top = (100 * field.y) / size.height + '%';
				box.style.width = (100 * field.width) / size.width + '%';
				box.style.height = (100 * field.height) / size.height + '%';
				sheet.append(box);
			}
		}
		target.dataset.state = 'shown';
	} catch (error) {
		target.textContent = 'The file could not be shown as a PDF.';
		target.dataset.state = 'unreadable';
	}
`;

/**
 * The page behind a signing URL: name, message, the PDF with the fields of this person, and two forms.
 * `#pdf` gets `data-state="shown"` when all pages are drawn.
 */
export function signingPage(document: StoredDocument, signer: StoredSigner): string {
	const own = inReadingOrder(document.fields)
		.filter((field) => field.assignedTo === signer.order)
		.map(({ page, x, y, width, height, label, type }) => {
			return { page, x, y, width, height, label: label ?? type };
		});
	// "<" would let a label end the script element.
	const fields = JSON.stringify(own).replace(/</g, '\\u003c');
	const action = `/sign/${signer.token ?? ''}`;
	const verb = signer.role === 'approver' ? 'Approve' : 'Sign';
	return shell(
		document.name,
		`<header>
	<h1 id="document-name">${escaped(document.name)}</h1>
	<span>${escaped(signer.name)}</span>
	<form method="post" action="${action}/sign"><button id="sign" type="submit">${verb}</button></form>
	<form method="post" action="${action}/decline"><button id="decline" type="submit">Decline</button></form>
</header>
<main>
	${document.message ? `<div class="message" id="message">${escaped(document.message)}</div>` : ''}
	<div id="pdf"></div>
</main>
<script type="application/json" id="fields">${fields}</script>
<script type="module">${SCRIPT}</script>`,
	);
}

/** A page with one statement, such as "Signed". `id` is that of the box, so that tests can find it. */
export function statementPage(id: string, mark: string, title: string, text: string): string {
	return shell(
		title,
		`<div class="card" id="${id}"><div class="mark">${mark}</div><h1>${escaped(title)}</h1><p>${escaped(text)}</p></div>`,
	);
}

/** A whole page around a body of HTML. */
export function shell(title: string, body: string): string {
	return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<link rel="icon" href="data:,">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
${body}
</body>
</html>
`;
}

function escaped(text: string): string {
	return text
		.replace(/&/g, '&amp;')
		.replace(/</g, '&lt;')
		.replace(/>/g, '&gt;')
		.replace(/"/g, '&quot;');
}
