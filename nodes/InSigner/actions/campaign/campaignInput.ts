import type { INodeProperties } from 'n8n-workflow';

import type { BodyOf } from '../../api/endpoint';
import { checkText, type Problem } from '../../parameters/checks';
import type { Parameters } from '../../parameters/parameters';
import { inWords } from '../../parameters/values';
import { checkFuture, toApiTime } from '../../parameters/times';

/** The documented limits of a campaign, in characters. */
const MAX_WELCOME_TITLE = 200;
const MAX_WELCOME_MESSAGE = 1000;
const MAX_REDIRECT_URL = 2000;

const HEX_COLOR = /^#[0-9a-f]{6}$/i;

type CampaignChanges = BodyOf<'updateCampaign'>;

export const CAMPAIGN_STATUSES = ['active', 'closed', 'paused'] as const;

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
		{ name: 'Closed', value: 'closed', description: 'No one can sign' },
		{ name: 'Paused', value: 'paused', description: 'No one can sign for now' },
	],
	default: 'active',
	description: 'Whether people can sign',
};

const brandColor: INodeProperties = {
	displayName: 'Brand Color',
	name: 'brandColor',
	type: 'color',
	default: '#003271',
	description: 'Color of the signing page, as a hex value such as #003271',
};

const collectPhone: INodeProperties = {
	displayName: 'Collect Phone',
	name: 'collectPhone',
	type: 'boolean',
	default: true,
	description: 'Whether people are asked for their phone number',
};

const expiresAt: INodeProperties = {
	displayName: 'Expires At',
	name: 'expiresAt',
	type: 'dateTime',
	default: '',
	description: "When signing ends. Uses the workflow's timezone unless the value has one.",
};

const maxSubmissions: INodeProperties = {
	displayName: 'Max Submissions',
	name: 'maxSubmissions',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 100,
	description: 'How many people can sign at the most',
};

const redirectUrl: INodeProperties = {
	displayName: 'Redirect URL',
	name: 'redirectUrl',
	type: 'string',
	default: '',
	placeholder: 'e.g. https://example.com/thank-you',
	description: 'The https address the browser goes to after signing, up to 2,000 characters',
};

const requireKyc: INodeProperties = {
	displayName: 'Require KYC',
	name: 'requireKyc',
	type: 'boolean',
	default: false,
	description: 'Whether people have to prove their identity (know your customer)',
};

const requireOtp: INodeProperties = {
	displayName: 'Require OTP',
	name: 'requireOtp',
	type: 'boolean',
	default: false,
	description: 'Whether people have to enter a one-time code',
};

const welcomeMessage: INodeProperties = {
	displayName: 'Welcome Message',
	name: 'welcomeMessage',
	type: 'string',
	typeOptions: { rows: 4 },
	default: '',
	description: 'Text people see before they sign, up to 1,000 characters',
};

const welcomeTitle: INodeProperties = {
	displayName: 'Welcome Title',
	name: 'welcomeTitle',
	type: 'string',
	default: '',
	placeholder: 'e.g. Welcome to Acme',
	description: 'Heading people see before they sign, up to 200 characters',
};

/** The optional settings of a campaign, for use in a collection. */
export const campaignSettings: INodeProperties[] = [
	brandColor,
	collectPhone,
	expiresAt,
	maxSubmissions,
	redirectUrl,
	requireKyc,
	requireOtp,
	welcomeMessage,
	welcomeTitle,
];

/**
 * Reads and checks the settings of a campaign.
 *
 * @param entered - the collection that holds them
 * @param empty - what an empty text means: nothing, or a change to make
 * @returns as the API takes them, undefined for those that were not added; and what is wrong with them
 * @throws NodeOperationError that names a setting of the wrong type, or whose expression gives nothing
 * @see https://docs.insigner.co/api/campaigns
 */
export function readCampaignSettings(
	entered: Parameters,
	empty: 'isNothing' | 'isChange',
): { settings: CampaignChanges; problems: Problem[] } {
	const given = (setting: INodeProperties) =>
		empty === 'isNothing' ? entered.filledIn(setting) : entered.added(setting);
	const text = (setting: INodeProperties) => given(setting)?.text(setting);
	const yesNo = (setting: INodeProperties) => entered.added(setting)?.yesNo(setting);

	const expiry = given(expiresAt)?.time(expiresAt, 'end');
	if (given(expiresAt) && !expiry) entered.refuse(expiresAt, 'is empty');
	const settings = {
		brandColor: text(brandColor),
		collectPhone: yesNo(collectPhone),
		expiresAt: expiry && toApiTime(expiry),
		maxSubmissions: entered.added(maxSubmissions)?.wholeNumber(maxSubmissions),
		redirectUrl: text(redirectUrl),
		requireKyc: yesNo(requireKyc),
		requireOtp: yesNo(requireOtp),
		welcomeMessage: text(welcomeMessage),
		welcomeTitle: text(welcomeTitle),
	};
	return {
		settings,
		problems: [
			...checkText('Welcome Title', settings.welcomeTitle ?? '', { max: MAX_WELCOME_TITLE }),
			...checkText('Welcome Message', settings.welcomeMessage ?? '', { max: MAX_WELCOME_MESSAGE }),
			...checkFuture('Expires At', expiry),
			...checkRedirect(settings.redirectUrl),
			...checkColor(settings.brandColor),
		],
	};
}

function checkRedirect(redirectUrl: string | undefined): Problem[] {
	if (redirectUrl === undefined) return [];
	const parameter = 'Redirect URL';
	const tooLong = checkText(parameter, redirectUrl, { max: MAX_REDIRECT_URL });
	if (tooLong.length > 0) return tooLong;
	if (/^https:\/\//i.test(redirectUrl) && URL.canParse(redirectUrl)) return [];
	return [{ parameter, message: `must be an https address, but is ${inWords(redirectUrl)}` }];
}

function checkColor(color: string | undefined): Problem[] {
	if (color === undefined || HEX_COLOR.test(color)) return [];
	return [
		{
			parameter: 'Brand Color',
			message: `must be a color such as #003271, but is ${inWords(color)}`,
		},
	];
}
