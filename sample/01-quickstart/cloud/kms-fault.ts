import type { Fault } from 'nestjs-aliyun-managed-credentials/testing';

/** How KMS may be broken. */
export const KMS_FAULTS = {
  refuse: { type: 'refuse' },
  unavailable: { status: 503 },
  hang: { type: 'hang' },
} as const satisfies Record<string, Fault>;

/** One of {@link KMS_FAULTS}. */
export type KmsFault = keyof typeof KMS_FAULTS;

/** Whether a text names a way to break KMS. */
export function isKmsFault(text: unknown): text is KmsFault {
  return typeof text === 'string' && Object.hasOwn(KMS_FAULTS, text);
}
