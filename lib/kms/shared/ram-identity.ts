import { systemClock, type Clock } from '../../core/clock.js';
import { isRecord } from '../../core/is-record.js';
import { KmsError } from '../kms-error.js';

/** RAM credentials that one request is signed with. */
export interface SigningCredentials {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken?: string | undefined;
}

/** Makes the credentials of the application; may be asked anew when what it made has gone bad. */
export type CredentialsFactory = () => Promise<() => Promise<unknown>>;

/**
 * How long credentials are used before the provider is asked again. Session credentials come with at least a quarter
 * of an hour left, and asking a provider may cost requests to a metadata server each time.
 */
const CACHE_MS = 60_000;

/** How long a provider that has not answered is waited for: as long as one fetch of a secret takes at most. */
const LONGEST_QUESTION_MS = 30_000;

/** Codes of STS that no repetition cures. */
const PERMANENT_STS_CODES =
  /^(?:InvalidAccessKeyId|SignatureDoesNotMatch|NoPermission|EntityNotExist|AuthenticationFail|InvalidParameter|Forbidden)/;

/**
 * The application's RAM identity towards the shared KMS: asks the provider once for any number of requests at the same
 * time, and starts over with a new provider when one has failed or its credentials were refused, because a failed
 * provider of @alicloud/credentials may never recover.
 */
export class RamIdentity {
  #ask: Promise<() => Promise<unknown>> | undefined;
  #asking: { readonly answer: Promise<SigningCredentials>; readonly since: number } | undefined;
  #current: { readonly credentials: SigningCredentials; readonly until: number } | undefined;

  /** @param description the kind of credentials, for messages */
  constructor(
    private readonly description: string,
    private readonly create: CredentialsFactory,
    private readonly clock: Clock = systemClock,
  ) {}

  /**
   * The credentials to sign with now.
   *
   * @throws KmsError `KmsIdentityUnavailable`; the provider's own error is not passed on, as it may hold secrets
   */
  async get(secretName: string): Promise<SigningCredentials> {
    const now = this.clock.monotonic();
    if (this.#current !== undefined && now < this.#current.until) return this.#current.credentials;
    if (this.#asking !== undefined && now - this.#asking.since >= LONGEST_QUESTION_MS) {
      // A provider may never answer; later requests must not all wait for it.
      this.#asking = undefined;
      this.#ask = undefined;
    }
    this.#asking ??= this.#startAsking(now);
    try {
      return await this.#asking.answer;
    } catch (error) {
      throw this.#unavailable(error, secretName);
    }
  }

  /** Tells that KMS refused these credentials, so that others are fetched. */
  refuse(credentials: SigningCredentials): void {
    if (this.#current?.credentials !== credentials) return;
    this.#current = undefined;
    this.#ask = undefined;
  }

  #startAsking(since: number): { readonly answer: Promise<SigningCredentials>; readonly since: number } {
    const asking = {
      since,
      answer: this.#fetch().finally(() => {
        if (this.#asking === asking) this.#asking = undefined;
      }),
    };
    return asking;
  }

  async #fetch(): Promise<SigningCredentials> {
    try {
      this.#ask ??= this.create();
      const answer = await (await this.#ask)();
      const credentials = parseCredentials(answer);
      this.#current = { credentials, until: this.clock.monotonic() + CACHE_MS };
      return credentials;
    } catch (error) {
      this.#ask = undefined;
      throw error;
    }
  }

  #unavailable(error: unknown, secretName: string): KmsError {
    const code = stsCodeOf(error);
    return new KmsError(
      `The RAM credentials for KMS (${this.description}) could not be had${code === undefined ? '' : ` (${code})`}: ` +
        'check the role, its trust policy and the settings "credentials_…", and that STS or the metadata server can be reached.',
      {
        code: 'KmsIdentityUnavailable',
        secretName,
        temporary: code === undefined || !PERMANENT_STS_CODES.test(code),
      },
    );
  }
}

function parseCredentials(answer: unknown): SigningCredentials {
  const { accessKeyId, accessKeySecret, securityToken } = isRecord(answer) ? answer : {};
  if (!isText(accessKeyId) || !isText(accessKeySecret)) {
    throw Object.assign(new Error(), { code: 'IncompleteCredentials' });
  }
  return {
    accessKeyId,
    accessKeySecret,
    ...(isText(securityToken) ? { securityToken } : {}),
  };
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** The error code in the text of a provider's error; the text itself may hold whole answers, and is not shown. */
function stsCodeOf(error: unknown): string | undefined {
  if (!isRecord(error)) return undefined;
  if (typeof error['code'] === 'string' && /^[\w.]{1,80}$/.test(error['code'])) return error['code'];
  // What @alicloud/credentials says when STS answers SignatureDoesNotMatch to a signature that is made correctly.
  if (error['message'] === 'the access key secret is invalid') return 'SignatureDoesNotMatch';
  return /"Code"\s*:\s*"([\w.]{1,80})"/.exec(String(error['message']))?.[1];
}
