import { n8nEnvironment } from '../../host/environment';

const input = { userFolder: '/data', port: 5001, brokerPort: 5002, disabledModules: ['agents'] };

describe('n8nEnvironment', () => {
	it('passes on the short list and nothing else of the caller', () => {
		const environment = n8nEnvironment(
			{
				PATH: '/bin',
				LANG: 'C',
				N8N_ENCRYPTION_KEY: 'theirs',
				DB_TYPE: 'postgresdb',
				TOKEN: 'secret',
			},
			input,
		);

		expect(environment).toMatchObject({ PATH: '/bin', LANG: 'C' });
		expect(Object.keys(environment)).not.toEqual(expect.arrayContaining(['N8N_ENCRYPTION_KEY']));
		expect(environment.DB_TYPE).toBeUndefined();
		expect(JSON.stringify(environment)).not.toContain('secret');
	});

	it('keeps the server on the loopback interface and in its own folder', () => {
		expect(n8nEnvironment({ HOME: '/home/me' }, input)).toMatchObject({
			HOME: '/data',
			N8N_USER_FOLDER: '/data',
			N8N_PORT: '5001',
			N8N_RUNNERS_BROKER_PORT: '5002',
			N8N_LISTEN_ADDRESS: '127.0.0.1',
			WEBHOOK_URL: 'http://127.0.0.1:5001/',
			N8N_DIAGNOSTICS_ENABLED: 'false',
			N8N_DISABLED_MODULES: 'agents',
		});
	});

	it('lets further variables win', () => {
		const environment = n8nEnvironment(
			{},
			{ ...input, extra: { WEBHOOK_URL: 'https://n8n.example.com/' } },
		);

		expect(environment.WEBHOOK_URL).toBe('https://n8n.example.com/');
	});
});
