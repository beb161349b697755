/** An AccessKey, as SDKs take it. */
export interface KeyPair {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
}

/** What an SDK's error tells. */
export interface SdkError extends Error {
  readonly code?: string;
  readonly status?: number;
}

/** The error that a call ends with. */
export async function failureOf(call: Promise<unknown>): Promise<SdkError> {
  try {
    await call;
  } catch (error) {
    return error as SdkError;
  }
  throw new Error('The call was expected to fail.');
}
