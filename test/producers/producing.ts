import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { PDFDocument, StandardFonts } from 'pdf-lib';

/** What every document says, a line each: tags and a label, with letters that fonts have ligatures and accents for. */
export const LINES = [
	'Contract of office affairs, final',
	'Signature of the buyer',
	'{{signature:1}}',
	'{{Sign;role=Seller;type=signature}}',
	'{{DATE, r1}}',
	'[sig|req|signer2]',
	'Grüße aus Österreich',
];

/** The programs, and the Debian packages that bring them. */
const PACKAGES: Readonly<Record<string, string>> = {
	...{ chromium: 'chromium', soffice: 'libreoffice-writer', wkhtmltopdf: 'wkhtmltopdf' },
	...{ 'pango-view': 'pango1.0-tools', groff: 'groff', gs: 'ghostscript', qpdf: 'qpdf' },
	...{ '/usr/bin/python3': 'python3-reportlab' },
};

function run(directory: string, program: string, ...parameters: string[]): void {
	try {
		execFileSync(program, parameters, {
			cwd: directory,
			stdio: ['ignore', 'ignore', 'pipe'],
			timeout: 120_000,
			env: { ...process.env, HOME: directory },
		});
	} catch (error) {
		throw new Error(`${program} failed. It comes with: apt-get install ${PACKAGES[program]}`, {
			cause: error,
		});
	}
}

const html = `<!DOCTYPE html><html><head><meta charset="utf-8"><title>Contract</title></head><body style="font: 12pt serif"><h1>Contract</h1>${LINES.map((line) => `<p>${line}</p>`).join('')}`;
const plain = LINES.join('\n\n');

const REPORTLAB = `
import sys
from reportlab.pdfgen import canvas
page = canvas.Canvas('out.pdf')
page.setFont('Times-Roman', 12)
for row, line in enumerate(sys.argv[1:]):
    page.drawString(72, 700 - 30 * row, line)
page.save()
`;

/** Each writes out.pdf into a directory. */
const producers: Readonly<Record<string, (directory: string) => Promise<void> | void>> = {
	'pdf-lib': async (directory) => {
		const pdf = await PDFDocument.create();
		const font = await pdf.embedFont(StandardFonts.TimesRoman);
		const page = pdf.addPage();
		for (const [row, line] of LINES.entries()) {
			page.drawText(line, { x: 72, y: 700 - 30 * row, size: 12, font });
		}
		writeFileSync(join(directory, 'out.pdf'), await pdf.save());
	},
	Chromium: (directory) => {
		writeFileSync(join(directory, 'in.html'), html);
		run(
			directory,
			'chromium',
			...['--headless', '--no-sandbox', '--disable-gpu', '--no-pdf-header-footer'],
			...[`--user-data-dir=${join(directory, 'profile')}`, '--print-to-pdf=out.pdf', 'in.html'],
		);
	},
	LibreOffice: (directory) => {
		writeFileSync(join(directory, 'out.html'), html);
		run(
			directory,
			'soffice',
			'--headless',
			'--convert-to',
			'pdf:writer_web_pdf_Export',
			'out.html',
		);
	},
	wkhtmltopdf: (directory) => {
		writeFileSync(join(directory, 'in.html'), html);
		run(directory, 'wkhtmltopdf', '--quiet', 'in.html', 'out.pdf');
	},
	'cairo and pango': (directory) => {
		writeFileSync(join(directory, 'in.txt'), plain);
		run(directory, 'pango-view', '--no-display', '--font=Serif 12', '--output=out.pdf', 'in.txt');
	},
	ReportLab: (directory) => {
		run(directory, '/usr/bin/python3', '-c', REPORTLAB, ...LINES);
	},
	groff: (directory) => {
		writeFileSync(join(directory, 'in.ms'), `.nf\n${plain}\n`);
		run(directory, 'sh', '-c', 'groff -Kutf8 -ms -Tps in.ms > in.ps && ps2pdf in.ps out.pdf');
	},
};

/** What may become of a file on its way. */
const passages: Readonly<Record<string, (directory: string) => void>> = {
	'as it is': () => undefined,
	'distilled again by Ghostscript': (directory) => {
		run(
			directory,
			'gs',
			'-q',
			'-dBATCH',
			'-dNOPAUSE',
			'-sDEVICE=pdfwrite',
			'-o',
			'to.pdf',
			'out.pdf',
		);
		run(directory, 'mv', 'to.pdf', 'out.pdf');
	},
	'linearized by qpdf, with object streams': (directory) => {
		run(directory, 'qpdf', '--linearize', '--object-streams=generate', 'out.pdf', 'to.pdf');
		run(directory, 'mv', 'to.pdf', 'out.pdf');
	},
};

export const cases = Object.keys(producers).flatMap((producer) =>
	Object.keys(passages).map((passage): [string, string] => [producer, passage]),
);

/**
 * Makes a PDF of the lines.
 *
 * @param producer - its name
 * @param passage - what is done with the file
 * @throws Error that says what to install when a program is missing
 */
export async function produced(producer: string, passage: string): Promise<Buffer> {
	const directory = mkdtempSync(join(tmpdir(), 'producer-'));
	try {
		await producers[producer]?.(directory);
		passages[passage]?.(directory);
		return readFileSync(join(directory, 'out.pdf'));
	} finally {
		rmSync(directory, { recursive: true, force: true });
	}
}
