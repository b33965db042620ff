import type { IExecuteFunctions } from 'n8n-workflow';

/**
 * The address that webhook URLs of this n8n begin with, as WEBHOOK_URL says. n8n does not hand it to nodes, but
 * the resume URL of an execution begins with it: `<base>webhook-waiting/<execution id>`.
 *
 * @param ctx - n8n's execution context
 * @returns for example `https://n8n.example.com/`, always with a slash at the end
 */
export function webhookBaseOf(ctx: IExecuteFunctions): string {
	const resumeUrl: unknown = ctx.evaluateExpression('{{ $execution.resumeUrl }}', 0);
	const { origin, pathname } = new URL(resumeUrl as string);
	return `${origin}${pathname.split('/').slice(0, -2).join('/')}/`;
}
