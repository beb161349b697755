import { headerLines, hmac, md5 } from './digests.js';
import type { ServiceProtocol, ServiceRefusal } from './loopback-service.js';

const REFUSALS: Readonly<Record<ServiceRefusal, readonly [code: string, message: string]>> = {
  unknown: ['OTSAuthFailed', 'The AccessKeyID does not exist.'],
  disabled: ['OTSAuthFailed', 'The AccessKeyID is disabled.'],
  mismatch: ['OTSAuthFailed', 'Signature mismatch.'],
  denied: ['OTSNoPermissionAccess', 'You have no permission to access the requested resource.'],
};

/** Tablestore (OTS): protobuf, signed with HMAC-SHA1 in the headers `x-ots-*`. */
export const tableStoreProtocol: ServiceProtocol = {
  claim({ method, path, headers, body }) {
    const { 'x-ots-signature': signature, ...rest } = headers;
    const signed = `${[path, method, '', ...headerLines(rest, 'x-ots-')].join('\n')}\n`;
    const isIntact = md5(body, 'base64') === headers['x-ots-contentmd5'];
    return {
      accessKeyId: headers['x-ots-accesskeyid'] ?? '',
      isSignedWith: (secret) => isIntact && hmac('sha1', secret, signed) === signature,
    };
  },

  answer({ path, body }) {
    switch (path) {
      // ListTableResponse { repeated string table_names = 1 }
      case '/ListTable':
        return { status: 200, body: Buffer.concat([text(1, 'orders'), text(1, 'customers')]) };
      // PutRowResponse { ConsumedCapacity consumed = 1 { CapacityUnit capacity_unit = 1 { int32 read = 1, write = 2 } } }
      case '/PutRow':
        return {
          status: 200,
          body: message(1, message(1, Buffer.from([0x08, 0, 0x10, digestNumber(body)]))),
        };
      default:
        return { status: 404 };
    }
  },

  refuse(reason) {
    const [code, said] = REFUSALS[reason];
    // Error { string code = 1, message = 2 }
    const headers = { 'content-type': 'x-ots-protobuf', 'x-ots-requestid': '0005f3' };
    return { status: 403, headers, body: Buffer.concat([text(1, code), text(2, said)]) };
  },
};

/** A small number that stands for the whole body. */
function digestNumber(body: Buffer): number {
  return Number.parseInt(md5(body, 'hex').slice(0, 2), 16) >> 1;
}

/** A field of protobuf with content shorter than 128 bytes. */
function message(field: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(field << 3) | 2, content.length]), content]);
}

function text(field: number, content: string): Buffer {
  return message(field, Buffer.from(content));
}
