import { EmulatorError } from './emulator-error.js';
import type { ThrottleOptions } from './kms/rate-limit.js';

/** A further region, with a KMS of its own over the same secrets. */
export interface EmulatedRegionOptions {
  /** Such as `cn-shanghai`. */
  readonly regionId: string;
  /** How long every answer of its KMS takes at least, ms. Default: what `latencyMs` of the cloud says. */
  readonly latencyMs?: number;
  /** The quota of each of its two KMS servers. Default: what `throttle` of the cloud says. */
  readonly throttle?: ThrottleOptions;
}

/**
 * All regions of a cloud, the main one first.
 * @throws EmulatorError when one has no name, or two have the same
 */
export function allRegions(
  mainRegionId: string,
  further: readonly (string | EmulatedRegionOptions)[] = [],
): readonly EmulatedRegionOptions[] {
  const regions = [mainRegionId, ...further].map((region) =>
    typeof region === 'string' ? { regionId: region } : region,
  );
  const ids = regions.map(({ regionId }) => regionId);
  if (ids.includes('')) throw new EmulatorError('A region needs an id such as cn-hangzhou.');
  const twice = ids.find((regionId, index) => ids.indexOf(regionId) !== index);
  if (twice === undefined) return regions;
  throw new EmulatorError(
    `The region '${twice}' is named twice. The option regions lists further ones, beside regionId.`,
  );
}

/**
 * Refuses a region that a cloud does not have.
 * @throws EmulatorError naming the regions that exist
 */
export function assertRegion(regionId: string, regions: readonly EmulatedRegionOptions[]): void {
  const ids = regions.map((region) => region.regionId);
  if (ids.includes(regionId)) return;
  throw new EmulatorError(
    `There is no region '${regionId}'. Regions: ${ids.join(', ')}. Add one with the option regions.`,
  );
}
