import { createHmac, randomUUID, sign, type KeyObject } from 'node:crypto';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';

/** What came back from a plain call. */
export interface PlainAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

/** Sends bytes as they are. */
export function sendPlain(
  url: string,
  options: {
    readonly method?: string;
    readonly headers?: Readonly<Record<string, string | number>>;
    readonly ca?: string;
    readonly body?: string | Buffer;
  } = {},
): Promise<PlainAnswer> {
  const { method = 'GET', headers = {}, ca, body } = options;
  return new Promise((resolve, reject) => {
    const onResponse = (response: IncomingMessage): void => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
      response.on('error', reject);
    };
    const outgoing = url.startsWith('https:')
      ? httpsRequest(url, { method, headers, ca, agent: false }, onResponse)
      : httpRequest(url, { method, headers, agent: false }, onResponse);
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

type Params = Readonly<Record<string, string>>;

/** The parameters that every RPC call carries. */
export function commonParams(more: Params): Params {
  return {
    Format: 'JSON',
    SignatureNonce: randomUUID(),
    SignatureVersion: '1.0',
    Timestamp: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
    ...more,
  };
}

/** Adds the signature of an AccessKey secret. */
export function signedWithSecret(params: Params, secret: string): Params {
  const text = stringToSign(params);
  return { ...params, Signature: createHmac('sha1', `${secret}&`).update(text).digest('base64') };
}

/** Adds the signature of a private key. */
export function signedWithKey(params: Params, key: KeyObject): Params {
  return { ...params, Signature: sign('sha256', Buffer.from(stringToSign(params)), key).toString('base64') };
}

/** Sends an RPC call as a form. */
export async function sendRpc(
  url: string,
  ca: string,
  params: Params,
): Promise<{ readonly status: number; readonly body: Readonly<Record<string, unknown>> }> {
  const { status, text } = await sendPlain(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    ca,
    body: new URLSearchParams(params).toString(),
  });
  return { status, body: JSON.parse(text) as Record<string, unknown> };
}

function stringToSign(params: Params): string {
  const query = Object.keys(params)
    .toSorted()
    .map((name) => `${encode(name)}=${encode(params[name] ?? '')}`)
    .join('&');
  return `POST&%2F&${encode(query)}`;
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
