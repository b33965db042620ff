import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

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

const project = resolve(__dirname, '../..');

/** The programs, and what brings them. */
const COME_WITH: Readonly<Record<string, string>> = {
	chromium: 'apt-get install chromium',
	gs: 'apt-get install ghostscript',
	qpdf: 'apt-get install qpdf',
	sh: 'apt-get install groff ghostscript',
	soffice: 'apt-get install libreoffice-writer',
	wkhtmltopdf: 'apt-get install wkhtmltopdf',
	'pango-view': 'apt-get install pango1.0-tools',
	'/usr/bin/python3': 'apt-get install python3-reportlab',
	[process.execPath]: 'npm ci, and its font with: apt-get install fonts-dejavu-core',
};

function run(directory: string, program: string, ...parameters: string[]): void {
	try {
		execFileSync(program, parameters, {
			cwd: directory,
			stdio: ['ignore', 'ignore', 'pipe'],
			timeout: 120_000,
			env: { ...process.env, HOME: directory, NODE_PATH: join(project, 'node_modules') },
		});
	} catch (error) {
		throw new Error(`${program} failed. What it needs comes with: ${COME_WITH[program]}`, {
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

const PDFKIT = `
const PDFDocument = require('pdfkit');
const [font, ...lines] = process.argv.slice(1);
const pdf = new PDFDocument();
pdf.pipe(require('node:fs').createWriteStream('out.pdf'));
pdf.font(font).fontSize(12);
for (const [row, line] of lines.entries()) pdf.text(line, 72, 92 + 30 * row);
pdf.end();
`;

const JSPDF = `
const { jsPDF } = require('jspdf');
const pdf = new jsPDF({ unit: 'pt', format: 'a4', compress: true });
pdf.setFont('times').setFontSize(12);
for (const [row, line] of process.argv.slice(1).entries()) pdf.text(line, 72, 92 + 30 * row);
require('node:fs').writeFileSync('out.pdf', Buffer.from(pdf.output('arraybuffer')));
`;

const { devDependencies } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as {
	devDependencies: Record<string, string>;
};

const DEJAVU = '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf';

/** Those that npm brings, by their package. */
const fromNpm = {
	pdfkit: {
		PDFKit: (directory: string) =>
			run(directory, process.execPath, '-e', PDFKIT, 'Times-Roman', ...LINES),
		'PDFKit with a font of its own': (directory: string) =>
			run(directory, process.execPath, '-e', PDFKIT, DEJAVU, ...LINES),
	},
	jspdf: { jsPDF: (directory: string) => run(directory, process.execPath, '-e', JSPDF, ...LINES) },
};

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
	...(Object.hasOwn(devDependencies, 'pdfkit') && fromNpm.pdfkit),
	...(Object.hasOwn(devDependencies, 'jspdf') && fromNpm.jspdf),
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
