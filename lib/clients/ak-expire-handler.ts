import { isRecord } from '../core/is-record.js';

/** Which call failed. */
export interface AkExpireContext {
  /** The secret whose key signed the call. */
  readonly secretName: string;
  /** The SDK that made the call: `acs`, `roa`, `oss`, `sts`, `openapi`, or the name a hand-made client definition gave. */
  readonly sdk: string;
}

/**
 * Judges whether an error of a cloud call says that the access key is no longer valid, so that the key is
 * refreshed and the call sent again. Provide your own under `AK_EXPIRE_HANDLER`.
 */
export interface AkExpireHandler {
  /**
   * @param error what the SDK threw. It is only asked about answers of a server, never about time-outs or lost
   * connections: whether such a call was carried out is unknown.
   * @returns true to refresh the key and send the call again
   */
  judgeAkExpire(error: unknown, context: AkExpireContext): boolean;
}

/** Codes of the RPC, ROA and OpenAPI gateways, and of STS, for a key that is unknown or disabled. */
const GATEWAY_CODES = ['InvalidAccessKeyId.NotFound', 'InvalidAccessKeyId', 'InvalidAccessKeyId.Inactive'];

/** The legacy RPC client under kms20160120 appends "Error" to every code. */
const OPENAPI_CODES = [...GATEWAY_CODES, ...GATEWAY_CODES.map((code) => `${code}Error`)];

/** By SDK, the error codes that mean an expired key. */
export const DEFAULT_EXPIRED_KEY_CODES: Readonly<Record<string, readonly string[]>> = {
  acs: OPENAPI_CODES,
  roa: OPENAPI_CODES,
  openapi: OPENAPI_CODES,
  oss: ['InvalidAccessKeyId'],
  sts: GATEWAY_CODES,
};

/**
 * The default handler: a set of error codes for each SDK. An SDK it does not know is held to the codes of all.
 *
 * A bare `Unauthorized` or `Forbidden` is not among them: services answer it to a missing permission too.
 */
export class ErrorCodeAkExpireHandler implements AkExpireHandler {
  readonly #codes = new Map<string, ReadonlySet<string>>();
  readonly #allCodes = new Set<string>();

  /** @param moreCodes by SDK, codes to count in addition to {@link DEFAULT_EXPIRED_KEY_CODES} */
  constructor(moreCodes: Readonly<Record<string, readonly string[]>> = {}) {
    for (const sdk of new Set([...Object.keys(DEFAULT_EXPIRED_KEY_CODES), ...Object.keys(moreCodes)])) {
      const codes = [...(DEFAULT_EXPIRED_KEY_CODES[sdk] ?? []), ...(moreCodes[sdk] ?? [])];
      this.#codes.set(sdk, new Set(codes));
      for (const code of codes) this.#allCodes.add(code);
    }
  }

  judgeAkExpire(error: unknown, { sdk }: AkExpireContext): boolean {
    const code = sdkErrorCode(error);
    return code !== undefined && (this.#codes.get(sdk) ?? this.#allCodes).has(code);
  }
}

/**
 * The error code that a cloud service gave, wherever its SDK puts it: the untouched `Code` of the answer's body
 * if the SDK keeps that, else the error's own `code`.
 */
export function sdkErrorCode(error: unknown): string | undefined {
  if (!isRecord(error)) return undefined;
  const code = (isRecord(error['data']) ? error['data']['Code'] : undefined) ?? error['code'];
  return typeof code === 'string' && code !== '' ? code : undefined;
}
