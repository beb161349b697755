import type { EmulatorTarget } from '../emulator-target.js';

/** What Alibaba Cloud's references say about an error code. */
export interface DocumentedError {
  readonly status: number;
  readonly message: string;
}

type Row = readonly [code: string, status: number, message: string];

// Source: KMS API reference, "Common errors" and "Common error codes" of the instance API.
const KMS: readonly Row[] = [
  ['InvalidParameter', 400, 'The specified parameter is not valid.'],
  ['UnsupportedOperation', 400, 'This action is not supported.'],
  ['Forbidden.NoPermission', 403, 'This operation is forbidden by permission system.'],
  ['Forbidden.InDebt', 403, 'This operation is denied by the service, please charge your account.'],
  ['Forbidden.InDebtOverdue', 403, 'This operation is denied by the service, please charge your account.'],
  ['Forbidden.ProhibitedByRiskControl', 403, 'This operation is prohibited by the risk control system.'],
  ['Forbidden.KeyNotFound', 404, 'The specified Key is not found.'],
  ['Forbidden.AliasNotFound', 404, 'The specified Alias is not found.'],
  ['Forbidden.ResourceNotFound', 404, 'Resource not found.'],
  ['InvalidAccessKeyId.NotFound', 404, 'The Access Key ID provided does not exist in our records.'],
  ['Unauthorized', 404, 'The specified access key id is not found.'],
  ['Rejected.Disabled', 409, 'The request was rejected because the key state is Disabled.'],
  ['Rejected.PendingDeletion', 409, 'The request was rejected because the key state is PendingDeletion.'],
  ['Rejected.Unavailable', 409, 'The request was rejected because the key state is unavailable.'],
  ['Rejected.Throttling', 429, 'QPS Limit Exceeded'],
  ['InternalFailure', 500, 'Internal Failure'],
  ['ServiceUnavailableTemporary', 503, 'Service Unavailable Temporary'],
];

// Source: public error codes of OpenAPI; STS API reference, error codes.
const OPENAPI: readonly Row[] = [
  ['Throttling', 400, 'Request was denied due to request throttling.'],
  ['Throttling.User', 400, 'Request was denied due to user flow control.'],
  ['Throttling.Api', 400, 'Request was denied due to api flow control.'],
  ['SignatureDoesNotMatch', 400, 'Specified signature is not matched with our calculation.'],
  ['InvalidTimeStamp.Expired', 400, 'Specified time stamp or date value is expired.'],
  ['MissingSecurityToken', 400, 'SecurityToken is mandatory for this action.'],
  ['InvalidSecurityToken.Expired', 400, 'Specified SecurityToken is expired.'],
  ['InvalidSecurityToken.Malformed', 400, 'Specified SecurityToken is malformed.'],
  ['InvalidSecurityToken.MismatchWithAccessKey', 400, 'Specified SecurityToken mismatch with the AccessKey.'],
  ['InvalidAccessKeyId.Inactive', 403, 'Specified access key is disabled.'],
  [
    'Forbidden.RAM',
    403,
    'User not authorized to operate on the specified resource, or this API does not support RAM.',
  ],
  ['NoPermission', 403, 'You are not authorized to do this action. You should be authorized by RAM.'],
  ['InvalidAccessKeyId.NotFound', 404, 'Specified access key is not found.'],
  ['EntityNotExist.Role', 404, 'The specified Role not exists.'],
  [
    'InternalError',
    500,
    'The request processing has failed due to some unknown error, exception or failure.',
  ],
  ['ServiceUnavailable', 503, 'The request has failed due to a temporary failure of the server.'],
];

// Source: OSS API reference, "Error responses".
const OSS: readonly Row[] = [
  ['AccessDenied', 403, 'You have no right to access this object.'],
  ['InvalidAccessKeyId', 403, 'The OSS Access Key Id you provided does not exist in our records.'],
  ['InvalidSecurityToken', 403, 'The security token you provided is invalid.'],
  ['SecurityTokenExpired', 403, 'The security token you provided has expired.'],
  ['RequestTimeTooSkewed', 403, 'The difference between the request time and the current time is too large.'],
  [
    'SignatureDoesNotMatch',
    403,
    'The request signature we calculated does not match the signature you provided.',
  ],
  ['NoSuchBucket', 404, 'The specified bucket does not exist.'],
  ['NoSuchKey', 404, 'The specified key does not exist.'],
  ['InternalError', 500, 'Please contact the server administrator, oss@service.aliyun.com.'],
  ['QpsLimitExceeded', 503, 'Please reduce your request rate.'],
  ['ServiceUnavailable', 503, 'Please reduce your request rate.'],
];

// Source: SLS API reference, "Error codes".
const SLS: readonly Row[] = [
  ['RequestTimeTooSkewed', 400, 'Request time exceeds server time more than 15 minutes.'],
  ['Unauthorized', 401, 'The AccessKeyId is unauthorized.'],
  ['SignatureNotMatch', 401, 'Signature is not matched.'],
  ['WriteQuotaExceed', 403, 'Write quota is exceeded.'],
  ['ReadQuotaExceed', 403, 'Read quota is exceeded.'],
  ['ProjectNotExist', 404, 'The project does not exist.'],
  ['InternalServerError', 500, 'Internal server error.'],
  ['ServerBusy', 503, 'The server is busy, please try again later.'],
];

const TABLES: Readonly<Record<EmulatorTarget, readonly Row[]>> = {
  dedicatedKms: KMS,
  kms: KMS,
  openapi: OPENAPI,
  oss: OSS,
  sts: OPENAPI,
  metadata: [],
  sls: SLS,
};

/** What the reference of a service says about an error code; undefined when it is not known here. */
export function documentedError(target: EmulatorTarget, code: string): DocumentedError | undefined {
  const row = TABLES[target].find(([known]) => known === code);
  return row && { status: row[1], message: row[2] };
}

/** The error codes that {@link documentedError} knows of a service. */
export function documentedCodes(target: EmulatorTarget): readonly string[] {
  return TABLES[target].map(([code]) => code);
}
