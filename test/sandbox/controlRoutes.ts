import type { FastifyInstance } from 'fastify';
import type { Cloud } from './cloud';
import type { Fault, FaultRule, Faults } from './faults';

/** A fault rule as sent over HTTP, where a regular expression is a text. */
interface FaultRuleText extends Omit<FaultRule, 'match' | 'onPlay'> {
	match?: Omit<FaultRule['match'], 'path'> & { path?: string; pathPattern?: string };
	fault: Fault;
}

/**
 * Serves the controls for another process, without a key: GET and DELETE /_sandbox/journal,
 * POST /_sandbox/clock/advance `{ms}`, POST and DELETE /_sandbox/faults. A rule has the form of
 * FaultRule, with `match.pathPattern` for a regular expression.
 */
export function registerControls(server: FastifyInstance, cloud: Cloud, faults: Faults): void {
	server.get('/_sandbox/journal', async () => {
		const { requests, deliveries, emails } = cloud.journal;
		return { requests, deliveries, emails };
	});

	server.delete('/_sandbox/journal', async () => {
		cloud.journal.clear();
		return { cleared: true };
	});

	server.post('/_sandbox/clock/advance', async (request, reply) => {
		const ms = numberNamed('ms', readBody(request.body));
		if (ms === undefined || ms < 0) return reply.code(400).send({ error: 'ms is required' });
		await cloud.clock.advance(ms);
		await cloud.deliveries.settled();
		return { now: cloud.clock.iso() };
	});

	server.post('/_sandbox/faults', async (request, reply) => {
		const text = readBody(request.body);
		if (!isFaultRule(text)) return reply.code(400).send({ error: 'fault is required' });
		const { pathPattern, ...match } = text.match ?? {};
		const path = pathPattern === undefined ? match.path : new RegExp(pathPattern);
		faults.add({ ...text, match: { ...match, path } });
		return reply.code(201).send({ added: true });
	});

	server.delete('/_sandbox/faults', async () => {
		faults.clear();
		return { cleared: true };
	});
}

function readBody(body: unknown): unknown {
	if (!Buffer.isBuffer(body)) return undefined;
	const parsed: unknown = JSON.parse(body.toString('utf8'));
	return parsed;
}

function numberNamed(name: string, value: unknown): number | undefined {
	const found: unknown =
		typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
	return typeof found === 'number' ? found : undefined;
}

function isFaultRule(value: unknown): value is FaultRuleText {
	if (typeof value !== 'object' || value === null || !('fault' in value)) return false;
	return typeof value.fault === 'object' && value.fault !== null;
}
