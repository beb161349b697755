import { ossClient } from '../../lib/clients/oss/oss-client.js';
import type { OssClientOptions } from '../../lib/clients/oss/proxy-oss-client.js';
import { clientFixture } from './client-fixture.js';
import type { ReceivedRequest, ScriptedAnswer, ScriptedService } from './scripted-service.js';

const refusal = (code: string): ScriptedAnswer => ({
  status: 403,
  headers: { 'content-type': 'application/xml' },
  body: `<Error><Code>${code}</Code><Message>no</Message><RequestId>1</RequestId></Error>`,
});

/** OSS's answer to a key that does not exist. */
export const OSS_REFUSAL = refusal('InvalidAccessKeyId');

/** OSS's answer to a key that may not do something. */
export const DENIED = refusal('AccessDenied');

/** What OSS answers to an upload, and to a download of `kept`. */
export const OSS_ANSWER: ScriptedAnswer = { headers: { etag: '"1"' }, body: 'kept' };

/** Refuses every version of the key but one. */
export function acceptOnly(accepted: number): (request: ReceivedRequest) => ScriptedAnswer {
  return ({ version }) => (version === accepted ? OSS_ANSWER : OSS_REFUSAL);
}

/** A managed OSS client of secret `app`, and the core whose key it signs with. */
export async function startOssClient(service: ScriptedService, options: OssClientOptions = {}) {
  const fixture = clientFixture('oss');
  const usual = { endpoint: service.url, region: 'oss-cn-hangzhou', bucket: 'photos' };
  const oss = await ossClient('app', { ...usual, ...options }).create(fixture.context);
  return { ...fixture, fixture, oss };
}

/** 200 for a call that is served, else the status of its error. */
export async function statusOf(call: Promise<unknown>): Promise<number> {
  return call.then(
    () => 200,
    (error: { readonly status: number }) => error.status,
  );
}
