/** Retry On Fail over 20 contracts with trouble in the middle: our node next to two HTTP Request nodes. */
import { itemsOf, type Execution } from '../host/execution';
import { startSandbox, type FaultRule, type Sandbox } from '../sandbox/sandbox';
import type { Benchmark, BenchmarkContext, Row } from './benchmark';
import { invitationsOf, people } from '../host/people';
import type { CredentialReference } from '../host/realN8n';
import {
	httpPostNode,
	inSignerNode,
	RETRY_ON_FAIL,
	sendFromTemplate,
	templateNamed,
	workflowOf,
	type NodeInRow,
} from '../host/workflows';

const COUNT = 20;
const MIDDLE = 10;
const SEND = 'Send';

/** What goes wrong with one of the items, once. */
const troubles: ReadonlyArray<{ name: string; rule: FaultRule }> = [
	{
		name: 'using the template refused (409)',
		rule: { match: { operationId: 'useTemplate' }, nth: MIDDLE, fault: { status: 409 } },
	},
	{
		name: 'sending refused (409)',
		rule: { match: { operationId: 'sendDocument' }, nth: MIDDLE, fault: { status: 409 } },
	},
	{
		name: 'sending not done (500)',
		rule: { match: { operationId: 'sendDocument' }, nth: MIDDLE, fault: { status: 500 } },
	},
	{
		name: 'sent, answer lost',
		rule: {
			match: { operationId: 'sendDocument' },
			nth: MIDDLE,
			when: 'after',
			fault: { drop: true },
		},
	},
];

interface Contender {
	name: string;
	nodes: (credentials: CredentialReference, sandbox: Sandbox) => NodeInRow[];
}

const contenders: readonly Contender[] = [
	{
		name: 'inSigner, Template: Create Document',
		nodes: (credentials, sandbox) => {
			const template = templateNamed(sandbox, 'Employment Contract');
			return [inSignerNode(SEND, credentials, sendFromTemplate(template), RETRY_ON_FAIL)];
		},
	},
	{
		name: 'HTTP Request, use then send',
		nodes: (credentials, sandbox) => {
			const { apiUrl } = sandbox;
			const template = templateNamed(sandbox, 'Employment Contract');
			const signers = '[{ name: $json.name, email: $json.email }]';
			const body = `={{ JSON.stringify({ name: 'Contract of ' + $json.name, signers: ${signers} }) }}`;
			const use = { url: `${apiUrl}/templates/${template}/use`, body };
			const send = { url: `=${apiUrl}/documents/{{ $json.data.id }}/send` };
			return [
				httpPostNode('Use template', credentials, use, RETRY_ON_FAIL),
				httpPostNode(SEND, credentials, send, RETRY_ON_FAIL),
			];
		},
	},
];

export const retry: Benchmark = {
	title: () =>
		`${COUNT} contracts from a template, Retry On Fail with ${RETRY_ON_FAIL.maxTries} tries, one item in the middle ` +
		'not going through the first time. Whoever sees an error runs the workflow once more',
	run: async (context) => {
		const rows: Row[] = [];
		for (const trouble of troubles) {
			for (const contender of contenders) rows.push(await measure(contender, trouble, context));
		}
		return rows;
	},
};

async function measure(
	{ name, nodes }: Contender,
	trouble: (typeof troubles)[number],
	{ real, say }: BenchmarkContext,
): Promise<Row> {
	say(`retry, ${name}: ${trouble.name}`);
	// The limit is another benchmark; here it would only take time.
	const sandbox = await startSandbox({ requestsPerMinute: 100_000 });
	try {
		const credentials = await real.credentialFor(sandbox, name);
		const invited = people(COUNT);
		const row = nodes(credentials, sandbox);
		const { id } = await real.client.createWorkflow(workflowOf(name, invited, row));
		const runOnce = async (): Promise<Execution> =>
			await real.client.waitForExecution(await real.client.run(id));

		const { length: seeded } = sandbox.store.documents.all();
		sandbox.faults.add(trouble.rule);
		const execution = await runOnce();
		const mails = invitationsOf(sandbox, invited);
		const made = sandbox.store.documents.all().slice(seeded);
		if (execution.status !== 'success') await runOnce();
		const mailsInTheEnd = invitationsOf(sandbox, invited);
		return {
			Trouble: trouble.name,
			Nodes: name,
			'Emails per signer': range(mails),
			Execution: execution.status,
			'Items out': itemsOf(execution, SEND).filter(({ json }) => json.error === undefined).length,
			'Drafts left over': made.filter(({ status }) => status === 'draft').length,
			'Emails per signer in the end': range(mailsInTheEnd),
			'Emailed twice or more': mailsInTheEnd.filter((count) => count > 1).length,
		};
	} finally {
		await sandbox.stop();
	}
}

/** `1` when all are alike, else the smallest and the largest. */
function range(counts: readonly number[]): string {
	const least = Math.min(...counts);
	const most = Math.max(...counts);
	return least === most ? String(least) : `${least} to ${most}`;
}
