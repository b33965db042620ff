import type { EndpointName } from '../../nodes/InSigner/api/endpoint';
import {
	judgeAnswers,
	judgeCampaignUrl,
	judgeDeletions,
	judgeDownload,
	judgeEndpoints,
	judgeErrorTypes,
	judgeEvents,
	judgeMeta,
	judgeOptions,
	judgeOwners,
	judgePlaces,
	judgeRequired,
	judgeShape,
	judgeSignerStatuses,
	judgeTurns,
	judgeUpload,
	judgeUse,
	judgeUseScope,
	type Judge,
} from './judging';

/** Where the code relies on a fact: every line of a file that has the text. */
export interface CodePlace {
	/** From the root of the repository. */
	readonly file: string;
	readonly text: RegExp;
}

/** Something that inSigner's public documentation does not say, and that this project assumes. */
export interface Inference {
	readonly number: number;
	readonly claim: string;
	/** The endpoints it is about. */
	readonly endpoints: readonly EndpointName[];
	/** How it is checked, in a few words, for docs/api-coverage.md. */
	readonly settledBy: string;
	/** No ordinary run can settle it. */
	readonly byHand?: true;
	/** Why it was not tested, if no better reason is known. */
	readonly untested: string;
	/** What has to change if it is wrong. */
	readonly code: readonly CodePlace[];
	readonly judge: Judge;
}

const CONTRACT = 'insigner.openapi.yaml';

const NEEDS_SENDING = 'It takes --send-to.';

/** The 27 inferences. Each names the one place in the code that relies on it. */
export const INFERENCES: readonly Inference[] = [
	ofEndpoints(1, 'A draft is changed with PATCH /documents/{id}', ['updateDocument'], {
		settledBy: 'renames a draft of its own and reads it back',
	}),
	ofEndpoints(2, 'A document is deleted with DELETE /documents/{id}', ['deleteDocument'], {
		settledBy: 'deletes a draft of its own and reads it',
	}),
	ofEndpoints(3, 'Reminders are sent with POST /documents/{id}/remind', ['remindDocument'], {
		settledBy: 'reminds the first signer of its own document',
	}),
	ofEndpoints(
		4,
		'A pending document is cancelled with POST /documents/{id}/cancel',
		['cancelDocument'],
		{ settledBy: 'cancels its own document and reads it' },
	),
	{
		number: 5,
		claim: 'GET /documents/{id}/download answers JSON with the address of the signed PDF',
		endpoints: ['downloadDocument'],
		settledBy: 'Always: downloads a completed document of the account, if there is one',
		untested: 'The endpoint did not answer clearly.',
		code: [
			...placesOf(['downloadDocument']),
			place(CONTRACT, /^ {4}Download:$/),
			place('nodes/InSigner/api/files.ts', /^function downloadUrlIn/),
		],
		judge: judgeDownload,
	},
	{
		number: 6,
		claim: 'GET /documents/{id} has signers (with signingUrl once sent), fields and message',
		endpoints: ['getDocument'],
		settledBy: 'Always: reads a document of the account, if there is one',
		untested: 'The account has no document, or the key may not read it. It also takes --send-to.',
		code: [
			place(CONTRACT, /^ {4}DocumentDetail:$/),
			place('nodes/InSigner/api/documentedForm.ts', /^export function inDocumentedForm/),
		],
		judge: judgeShape,
	},
	{
		number: 7,
		claim: 'Creating and sending answer with the document, and an upload with uploadUrl',
		endpoints: ['createDocument', 'requestUpload', 'sendDocument'],
		settledBy: 'With `--send-to`: creates, uploads to and sends a document of its own',
		untested: NEEDS_SENDING,
		code: [
			place(CONTRACT, /^ {4}DocumentResult:$/),
			place(CONTRACT, /^ {4}Upload:$/),
			place('nodes/InSigner/documents/reading.ts', /^export function idOf/),
		],
		judge: judgeAnswers,
	},
	ofEndpoints(
		8,
		'Signers and fields of a draft are changed with PATCH and removed with DELETE',
		['updateSigner', 'removeSigner', 'updateField', 'removeField'],
		{ settledBy: 'changes and removes one in a draft of its own and reads it back' },
	),
	{
		number: 9,
		claim: 'Places of fields are points from the top left corner of the page',
		endpoints: ['addField', 'updateField'],
		settledBy:
			'With `--send-to`: 26 fields on a PDF with a ruler are read back; a person looks where they show',
		untested: NEEDS_SENDING,
		code: [
			place('nodes/InSigner/actions/field/placement.ts', /^export function toApi(Box|Length)/),
			place(CONTRACT, /in points \(unit and origin are inferred\)/),
		],
		judge: judgePlaces,
	},
	{
		number: 10,
		claim: 'assignedTo of a field is the order of its signer',
		endpoints: ['addField', 'updateField'],
		settledBy:
			'With `--send-to`: signers are added in the other sequence and read back; a person looks which fields are open',
		untested: NEEDS_SENDING,
		code: [
			place('nodes/InSigner/actions/field/fieldSigner.ts', /^export function signerNumber/),
			place('nodes/InSigner/documents/comparing.ts', /^function ownersOf/),
			place(CONTRACT, /It names `order` of a signer|Zero-based number of the signer slot/),
		],
		judge: judgeOwners,
	},
	{
		number: 11,
		claim: 'A field is required unless told otherwise',
		endpoints: ['addField'],
		settledBy: 'With `--send-to`: a field is sent without `required` and read back',
		untested: NEEDS_SENDING,
		code: [place(CONTRACT, /required: \{ type: boolean, x-default: true/)],
		judge: judgeRequired,
	},
	{
		number: 12,
		claim: 'Options of a field are a list of texts',
		endpoints: ['addField', 'updateField'],
		settledBy: 'With `--send-to`: fields with options are read back',
		untested: NEEDS_SENDING,
		code: [
			place(CONTRACT, /^ {4}FieldOptions:$|options: \{ type: array/),
			place('nodes/InSigner/actions/field/fieldInput.ts', /^export function readChoices/),
		],
		judge: judgeOptions,
	},
	{
		number: 13,
		claim: 'Using a template takes a name and signers, and makes a draft with them',
		endpoints: ['useTemplate'],
		settledBy: 'With `--send-to`: a template of the account with one to three slots is used',
		untested: `${NEEDS_SENDING} And the account needs a template with one to three slots.`,
		code: [
			...placesOf(['useTemplate']),
			place(CONTRACT, /^ {4}TemplateUse:$/),
			place(
				'nodes/InSigner/actions/template/fromTemplate.ts',
				/^async function useTemplate|^function takesNoSigners/,
			),
		],
		judge: judgeUse,
	},
	{
		number: 14,
		byHand: true,
		claim: 'Using a template takes the scope documents.create',
		endpoints: ['useTemplate'],
		settledBy: 'Always, with a key that lacks `documents.create`: what the refusal says',
		untested: 'A key that may do it shows no scope. Run it with a key without documents.create.',
		code: placesOf(['useTemplate']),
		judge: judgeUseScope,
	},
	{
		number: 15,
		claim: 'GET, PATCH (also of the status) and DELETE /campaigns/{id} are there',
		endpoints: ['getCampaign', 'updateCampaign', 'deleteCampaign'],
		settledBy: 'Always: asked with an id that cannot exist; a campaign of the account is read',
		untested: 'The endpoints did not answer clearly.',
		code: [
			...placesOf(['getCampaign', 'updateCampaign', 'deleteCampaign']),
			place(CONTRACT, /^ {4}CampaignUpdate:$/),
		],
		judge: judgeEndpoints(['getCampaign', 'updateCampaign', 'deleteCampaign'], 15),
	},
	{
		number: 16,
		claim: 'The public address of a campaign stands in url or publicUrl, if anywhere',
		endpoints: ['getCampaign'],
		settledBy: 'Always: reads a campaign of the account, if there is one',
		untested: 'The account has no campaign.',
		code: [place(CONTRACT, /^ {8}(url|publicUrl): \{ type: string, format: uri, x-known/)],
		judge: judgeCampaignUrl,
	},
	ofEndpoints(17, 'A bulk send is deleted with DELETE /bulk-sends/{id}', ['deleteBulkSend'], {
		option: '--bulk',
		settledBy: 'deletes a bulk send of its own and reads it',
	}),
	ofEndpoints(18, 'A webhook is deleted with DELETE /webhooks/{id}', ['deleteWebhook'], {
		settledBy: 'deletes a webhook of its own and reads it',
	}),
	{
		number: 19,
		claim: 'There are eleven more events than the five that are documented',
		endpoints: [],
		settledBy: 'With `--send-to`: a webhook of its own is given them',
		untested: NEEDS_SENDING,
		code: [
			place('nodes/InSigner/events/events.ts', /^export const UNDOCUMENTED_EVENTS/),
			place(CONTRACT, /^ {4}WebhookEventName:$/),
		],
		judge: (seen) => judgeEvents(seen),
	},
	{
		number: 20,
		byHand: true,
		claim: 'An event of a document has its id in data.documentId, data.document.id or data.id',
		endpoints: [],
		settledBy: 'By hand: look at `data` in the output of inSigner Trigger',
		untested:
			'No event is received here. Look at data in the output of inSigner Trigger in an execution of n8n.',
		code: [
			place('nodes/InSigner/events/events.ts', /^export function documentIdOf/),
			place(CONTRACT, /^ {4}(Document|Signer)EventData:$/),
		],
		judge: () => undefined,
	},
	{
		number: 21,
		claim: 'A signer is pending, viewed, completed or declined',
		endpoints: ['listSigners'],
		settledBy:
			'Always: reads the signers of a declined document, if there is one; a person opens the one that is sent',
		untested:
			'No signer was seen who has opened or declined a document. Run it with --send-to and answer the questions.',
		code: [
			place(CONTRACT, /^ {4}SignerStatus:$/),
			place('nodes/InSigner/actions/signer/getMany.operation.ts', /^const STATUSES/),
		],
		judge: judgeSignerStatuses,
	},
	{
		number: 22,
		claim: 'Errors 400, 500 and 502 are called bad-request, internal-error and bad-gateway',
		endpoints: [],
		settledBy: 'Always: half a JSON text for a document that cannot exist; 500 and 502 by chance',
		untested: 'No such error came.',
		code: [place(CONTRACT, /`(bad-request|internal-error|bad-gateway)`/)],
		judge: judgeErrorTypes,
	},
	{
		number: 23,
		claim: 'An upload may have 25 MB, and its address is good for minutes',
		endpoints: ['requestUpload'],
		settledBy: 'With `--send-to`: an address for 25 MB is asked for, and not used',
		untested: NEEDS_SENDING,
		code: [place(CONTRACT, /25 MB and minutes are assumed|limit of size and the lifetime/)],
		judge: judgeUpload,
	},
	{
		number: 24,
		claim: 'Lists of signers, fields and members have no meta',
		endpoints: ['listSigners', 'listFields', 'listMembers'],
		settledBy: 'Always: reads them',
		untested: 'The key may read none of them.',
		code: [
			place(CONTRACT, /Not in the documented example; follow it when it is there/),
			place('nodes/InSigner/api/pagination.ts', /Lists below a document come without meta/),
		],
		judge: judgeMeta,
	},
	{
		number: 25,
		claim: 'Deleting answers 200 or 204',
		endpoints: [],
		settledBy: 'With `--send-to`: what its own deletions answer',
		untested: NEEDS_SENDING,
		code: [place(CONTRACT, /Deleted, told without a body|^ {4}Deleted:$/)],
		judge: judgeDeletions,
	},
	{
		number: 26,
		byHand: true,
		claim: 'The signing page tells its frame by postMessage when it is done',
		endpoints: [],
		settledBy: 'By hand: put a signing link into a frame and listen',
		untested: 'It takes a browser and a signature. No code here rests on it.',
		code: [],
		judge: () => undefined,
	},
	{
		number: 27,
		claim: 'A sequential document is emailed to one signer at a time, and opens for one at a time',
		endpoints: ['sendDocument'],
		settledBy:
			'With `--send-to`: reads the links after sending; a person tells how many emails came',
		untested: NEEDS_SENDING,
		code: [
			place(CONTRACT, /document only the next signer is emailed \(inferred\)/),
			place('nodes/InSigner/actions/document/getSigningLinks.operation.ts', /const done = /),
		],
		judge: judgeTurns,
	},
];

/** How open questions about endpoints without an inference of their own are checked. */
const CHECKED_BESIDES: Partial<Record<EndpointName, string>> = {
	createBulkSend: 'With `--bulk`: its answer is checked against the contract',
	listWebhooks: 'Always: its answer is checked against the contract',
};

/**
 * How open questions about an endpoint can be settled.
 *
 * @param endpoint - the endpoint
 * @returns with the numbers of the inferences; a dash if nothing is open
 */
export function settledBy(endpoint: EndpointName): string {
	const rows = INFERENCES.filter(({ endpoints }) => endpoints.includes(endpoint)).map(
		({ number, settledBy: how }) => `${number}. ${how}`,
	);
	const besides = CHECKED_BESIDES[endpoint];
	return [...rows, ...(besides ? [besides] : [])].join('<br>') || '–';
}

/** An inference that endpoints exist and do what their names say. */
function ofEndpoints(
	number: number,
	claim: string,
	names: readonly EndpointName[],
	{ settledBy: how, option = '--send-to' }: { settledBy: string; option?: string },
): Inference {
	return {
		number,
		claim,
		endpoints: names,
		settledBy: `Always: asked with an id that cannot exist. With \`${option}\`: ${how}`,
		untested: 'The service did not answer clearly.',
		code: placesOf(names),
		judge: judgeEndpoints(names, number, option),
	};
}

function placesOf(names: readonly EndpointName[]): CodePlace[] {
	return names.map((name) => place(CONTRACT, new RegExp(`operationId: ${name}$`)));
}

function place(file: string, text: RegExp): CodePlace {
	return { file, text };
}
