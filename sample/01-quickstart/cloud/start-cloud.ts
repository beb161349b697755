import { ACS_SECRET, OSS_SECRET } from '../secret-names.js';
import type { Cloud } from './cloud.js';
import { EmulatedCloud } from './emulated-cloud.js';
import { RealCloud } from './real-cloud.js';

/** A real cloud when the environment has KMS settings, else an emulated one, which then fills the environment. */
export async function startCloud(): Promise<Cloud> {
  const hasSettings = process.env['cache_client_dkms_config_info'] ?? process.env['cache_client_region_id'];
  return hasSettings ? new RealCloud() : EmulatedCloud.start([ACS_SECRET, OSS_SECRET]);
}
