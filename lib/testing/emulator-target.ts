import { EmulatorError } from './emulator-error.js';

/** The emulated services, in the order in which they are documented. */
export const EMULATOR_TARGETS = ['dedicatedKms', 'kms', 'openapi', 'oss', 'sts', 'metadata', 'sls'] as const;

/**
 * One emulated service: the dedicated-KMS gateway (protobuf over TLS), the shared KMS API (RPC over TLS),
 * the OpenAPI gateway (HTTP), OSS (HTTP), the Security Token Service (RPC over TLS), the metadata server of an ECS
 * instance (HTTP) and Simple Log Service (HTTP).
 */
export type EmulatorTarget = (typeof EMULATOR_TARGETS)[number];

/**
 * Refuses anything that is not an {@link EmulatorTarget}.
 * @throws EmulatorError naming the targets that exist
 */
export function assertTarget(target: string): asserts target is EmulatorTarget {
  if (!EMULATOR_TARGETS.some((known) => known === target)) {
    throw new EmulatorError(`Unknown target '${target}'. The targets are: ${EMULATOR_TARGETS.join(', ')}.`);
  }
}
