import type { Answer } from '../../http/answer.js';
import { ServiceError } from '../../http/service-error.js';
import type { OssCall, OssOperation } from '../oss-operation.js';
import { receiveBody } from '../upload.js';
import { isXml } from '../../http/xml.js';
import { XML_HEADERS } from '../xml-answer.js';

/** A configuration of a bucket that is given back as it was put. */
interface BucketSetting {
  readonly subresource: string;
  /** In the names of the operations, such as `Cors` of `PutBucketCors`. */
  readonly apiName: string;
  /** The root element; absent for JSON. */
  readonly root?: string;
  /** What is answered while nothing was put: XML, or an error code. */
  readonly initial: { readonly xml: string } | { readonly code: string };
  readonly isPermanent?: boolean;
}

const SETTINGS: readonly BucketSetting[] = [
  {
    subresource: 'cors',
    apiName: 'Cors',
    root: 'CORSConfiguration',
    initial: { code: 'NoSuchCORSConfiguration' },
  },
  {
    subresource: 'lifecycle',
    apiName: 'Lifecycle',
    root: 'LifecycleConfiguration',
    initial: { code: 'NoSuchLifecycle' },
  },
  {
    subresource: 'website',
    apiName: 'Website',
    root: 'WebsiteConfiguration',
    initial: { code: 'NoSuchWebsiteConfiguration' },
  },
  {
    subresource: 'logging',
    apiName: 'Logging',
    root: 'BucketLoggingStatus',
    initial: { xml: '<BucketLoggingStatus></BucketLoggingStatus>' },
  },
  {
    subresource: 'referer',
    apiName: 'Referer',
    root: 'RefererConfiguration',
    initial: {
      xml: '<RefererConfiguration><AllowEmptyReferer>true</AllowEmptyReferer><RefererList/></RefererConfiguration>',
    },
    isPermanent: true,
  },
  {
    subresource: 'encryption',
    apiName: 'Encryption',
    root: 'ServerSideEncryptionRule',
    initial: { code: 'NoSuchServerSideEncryptionRule' },
  },
  {
    subresource: 'tagging',
    apiName: 'Tags',
    root: 'Tagging',
    initial: { xml: '<Tagging><TagSet/></Tagging>' },
  },
  {
    subresource: 'requestPayment',
    apiName: 'RequestPayment',
    root: 'RequestPaymentConfiguration',
    initial: { xml: '<RequestPaymentConfiguration><Payer>BucketOwner</Payer></RequestPaymentConfiguration>' },
    isPermanent: true,
  },
  { subresource: 'policy', apiName: 'Policy', initial: { code: 'NoSuchBucketPolicy' } },
];

/** Puts, gets and deletes each configuration of a bucket that the emulator only has to remember. */
export const bucketSettings: readonly OssOperation[] = SETTINGS.flatMap(operationsOf);

function operationsOf(setting: BucketSetting): OssOperation[] {
  const { subresource, apiName, isPermanent = false } = setting;
  const common = { scope: 'bucket', selectors: [subresource] } as const;
  const put: OssOperation = {
    ...common,
    name: `PutBucket${apiName}`,
    method: 'PUT',
    async run({ request, store, address }) {
      const text = (await receiveBody(request)).body.toString('utf8');
      assertWellFormed(text, setting);
      store.bucket(address.bucket).settings.set(subresource, text);
      return { status: 200 };
    },
  };
  const get: OssOperation = {
    ...common,
    name: `GetBucket${apiName}`,
    method: 'GET',
    run: (call) => read(call, setting),
  };
  const remove: OssOperation = {
    ...common,
    name: `DeleteBucket${apiName}`,
    method: 'DELETE',
    run({ store, address }) {
      store.bucket(address.bucket).settings.delete(subresource);
      return { status: 204 };
    },
  };
  return isPermanent ? [put, get] : [put, get, remove];
}

function read({ store, address }: OssCall, { subresource, root, initial }: BucketSetting): Answer {
  const kept = store.find(address.bucket)?.settings.get(subresource);
  const headers = root === undefined ? { 'content-type': 'application/json' } : XML_HEADERS;
  if (kept !== undefined) return { status: 200, headers, body: kept };
  if ('xml' in initial) return { status: 200, headers, body: initial.xml };
  const message = `The bucket has no ${subresource} configuration.`;
  throw new ServiceError(404, initial.code, message, { BucketName: address.bucket });
}

// What stands in the root is the client's business.
function assertWellFormed(text: string, { root }: BucketSetting): void {
  if (root === undefined ? isJson(text) : isXml(text, root)) return;
  const [code, kind] = root === undefined ? ['InvalidPolicyDocument', 'JSON'] : ['MalformedXML', `<${root}>`];
  throw new ServiceError(400, code, `The body is not well-formed, or it is no ${kind}.`);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
