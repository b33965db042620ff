import type { INodeProperties } from 'n8n-workflow';

import type { BodyOf } from '../../api/endpoints';
import { checkText, LIMITS, type Problem } from '../../parameters/checks';
import { checkFuture, toApiTime, toTime, type EnteredTime } from '../../parameters/times';

/** The documented limits of a campaign, in characters. */
const MAX_WELCOME_TITLE = 200;
const MAX_WELCOME_MESSAGE = 1000;
const MAX_REDIRECT_URL = 2000;

const HEX_COLOR = /^#[0-9a-f]{6}$/i;

type CampaignChanges = BodyOf<'updateCampaign'>;

/** Name, settings and status as the form gives them, as far as they were added. */
export type EnteredCampaign = Omit<CampaignChanges, 'expiresAt'> & { expiresAt?: EnteredTime };

export const campaignNameProperty: INodeProperties = {
	displayName: 'Campaign Name',
	name: 'name',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. Employee Onboarding NDA',
	description: 'Name of the campaign, up to 200 characters',
};

export const campaignStatusProperty: INodeProperties = {
	displayName: 'Status',
	name: 'status',
	type: 'options',
	options: [
		{ name: 'Active', value: 'active', description: 'Whoever has its link can sign' },
		{ name: 'Closed', value: 'closed', description: 'Nobody can sign any more' },
		{ name: 'Paused', value: 'paused', description: 'Nobody can sign for now' },
	],
	default: 'active',
	description: 'Whether people can sign',
};

/** The optional settings of a campaign, to be put into a collection. */
export const campaignSettings: INodeProperties[] = [
	{
		displayName: 'Brand Color',
		name: 'brandColor',
		type: 'color',
		default: '#003271',
		description: 'Color of the signing page, as a hex value such as #003271',
	},
	{
		displayName: 'Collect Phone',
		name: 'collectPhone',
		type: 'boolean',
		default: true,
		description: 'Whether people are asked for their phone number',
	},
	{
		displayName: 'Expires At',
		name: 'expiresAt',
		type: 'dateTime',
		default: '',
		description:
			'When nobody can sign any more. A time without a zone is in the zone of the workflow.',
	},
	{
		displayName: 'Max Submissions',
		name: 'maxSubmissions',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 100,
		description: 'How many people can sign at the most',
	},
	{
		displayName: 'Redirect URL',
		name: 'redirectUrl',
		type: 'string',
		default: '',
		placeholder: 'e.g. https://example.com/thank-you',
		description: 'The https address the browser goes to after signing, up to 2,000 characters',
	},
	{
		displayName: 'Require KYC',
		name: 'requireKyc',
		type: 'boolean',
		default: false,
		description: 'Whether people have to prove their identity (know your customer)',
	},
	{
		displayName: 'Require OTP',
		name: 'requireOtp',
		type: 'boolean',
		default: false,
		description: 'Whether people have to enter a one-time code',
	},
	{
		displayName: 'Welcome Message',
		name: 'welcomeMessage',
		type: 'string',
		typeOptions: { rows: 4 },
		default: '',
		description: 'Text people see before they sign, up to 1,000 characters',
	},
	{
		displayName: 'Welcome Title',
		name: 'welcomeTitle',
		type: 'string',
		default: '',
		placeholder: 'e.g. Welcome to Acme',
		description: 'Heading people see before they sign, up to 200 characters',
	},
];

/**
 * Turns a campaign as entered into what the API takes, and checks it.
 *
 * @param entered - what was added to the form; everything in it is checked, an empty value too
 * @param zone - IANA name of the zone of the workflow
 * @returns what was entered, its expiry in UTC; and what is wrong with it
 * @see https://docs.insigner.co/api/campaigns
 */
export function readCampaign(
	{ expiresAt: enteredTime, ...entered }: EnteredCampaign,
	zone: string,
): { campaign: CampaignChanges; problems: Problem[] } {
	const { brandColor, maxSubmissions, redirectUrl, welcomeMessage, welcomeTitle } = entered;
	const name = entered.name === undefined ? undefined : String(entered.name).trim();
	const expiresAt = toTime(enteredTime, zone);
	const problems = [
		...(name === undefined
			? []
			: checkText('Campaign Name', name, { required: true, max: LIMITS.name })),
		...checkText('Welcome Title', welcomeTitle ?? '', { max: MAX_WELCOME_TITLE }),
		...checkText('Welcome Message', welcomeMessage ?? '', { max: MAX_WELCOME_MESSAGE }),
		...(enteredTime === '' ? [{ parameter: 'Expires At', message: 'is empty' }] : []),
		...checkFuture('Expires At', expiresAt),
		...(redirectUrl === undefined ? [] : checkRedirect(redirectUrl)),
	];
	if (maxSubmissions !== undefined && !(Number.isInteger(maxSubmissions) && maxSubmissions >= 1)) {
		problems.push({ parameter: 'Max Submissions', message: 'must be a whole number from 1' });
	}
	if (brandColor !== undefined && !HEX_COLOR.test(brandColor)) {
		const message = `"${brandColor}" is not a color such as #003271`;
		problems.push({ parameter: 'Brand Color', message });
	}
	return {
		campaign: {
			...entered,
			...(name !== undefined && { name }),
			...(expiresAt?.isValid && { expiresAt: toApiTime(expiresAt) }),
		},
		problems,
	};
}

function checkRedirect(redirectUrl: string): Problem[] {
	const parameter = 'Redirect URL';
	if (!/^https:\/\//i.test(redirectUrl) || !URL.canParse(redirectUrl)) {
		return [{ parameter, message: `"${redirectUrl}" is not an https address` }];
	}
	return checkText(parameter, redirectUrl, { max: MAX_REDIRECT_URL });
}
