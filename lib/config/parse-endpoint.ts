import type { SettingItem } from './setting-item.js';

const EXAMPLE = 'for example kst-hzz65f176a0ogplgq****.cryptoservice.kms.aliyuncs.com';

/** Reads the text of an item's `endpoint`: a host with an optional port; a leading `https://` is tolerated. */
export function parseEndpoint(
  item: SettingItem,
  text: string | undefined,
): { readonly hostname: string; readonly port?: number } | undefined {
  if (text === undefined) {
    if (!item.hasProblem(/^endpoint$/i)) {
      item.report('endpoint', 'is missing', `Give the host of the KMS instance, ${EXAMPLE}.`);
    }
    return undefined;
  }
  const match = /^(?:https:\/\/)?(\[[0-9a-f:]+\]|[\w.-]+)(?::(\d{1,5}))?\/?$/i.exec(text.trim());
  const hostname = match?.[1]?.replaceAll(/^\[|\]$/g, '');
  const port = match?.[2] === undefined ? undefined : Number(match[2]);
  if (hostname === undefined || (port !== undefined && (port < 1 || port > 65_535))) {
    item.report('endpoint', 'is no host name with an optional port', `Give a host over HTTPS, ${EXAMPLE}.`);
    return undefined;
  }
  return port === undefined ? { hostname } : { hostname, port };
}
