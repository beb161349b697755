import { readCertificateAuthority, reportMissingCertificateAuthority } from './certificate-authority.js';
import type { RegionSettings } from './kms-settings.js';
import { parseEndpoint } from './parse-endpoint.js';
import type { SettingItem } from './setting-item.js';

const FIELDS = ['regionId', 'endpoint', 'vpc', 'caFilePath', 'ca'];

/** The end of the host of every KMS instance's gateway. */
const INSTANCE_GATEWAY = /\.cryptoservice\.kms\.aliyuncs\.com$/i;

/** Reads one item of `cache_client_region_id`; undefined when it has problems, which are noted. */
export function readRegionItem(item: SettingItem): RegionSettings | undefined {
  item.checkSpelling(FIELDS);
  const regionId = item.text('regionId')?.trim();
  const isVpc = item.flag('vpc');
  const given = item.text('endpoint');
  if (regionId === undefined && given === undefined) {
    if (!item.hasProblem(/^regionId$/i)) {
      item.report('regionId', 'is missing', 'Name the region, such as "cn-hangzhou".');
    }
    return undefined;
  }
  if (regionId !== undefined && !/^[a-z][a-z0-9-]*$/.test(regionId)) {
    item.report('regionId', 'is no region id', 'Write it as Alibaba Cloud does, such as "cn-hangzhou".');
    return undefined;
  }
  const endpoint = parseEndpoint(item, given ?? `${isVpc ? 'kms-vpc' : 'kms'}.${regionId}.aliyuncs.com`);
  const ca = readCertificateAuthority(item);
  if (endpoint === undefined) return undefined;
  if (ca === undefined && INSTANCE_GATEWAY.test(endpoint.hostname)) {
    reportMissingCertificateAuthority(item);
    return undefined;
  }
  return { setting: item.setting, regionId, ...endpoint, ca };
}
