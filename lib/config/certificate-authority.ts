import { X509Certificate } from 'node:crypto';

import { errorCodeOf } from '../core/errors.js';
import type { SettingItem } from './setting-item.js';

const WHERE_TO_GET_IT =
  'Use the file PrivateKmsCA_kst-….pem that the KMS console offers for the instance (Instance Management, Instance CA Certificate).';

/** How long before the end of a certificate its renewal is called for. */
const WARNING_TIME_MS = 90 * 24 * 60 * 60_000;

/**
 * The certificates to trust, from `ca` or `caFilePath`. The latter is a path; the official Go client also takes the
 * certificates themselves there. Warns of certificates that end within 90 days.
 *
 * @param pathField where the path is
 */
export function readCertificateAuthority(item: SettingItem, pathField = 'caFilePath'): string | undefined {
  const inCode = item.text('ca');
  const field = inCode === undefined ? pathField : 'ca';
  const value = item.text(pathField);
  const content = inCode ?? (value?.includes('-----BEGIN') ? value : item.file(pathField));
  if (content === undefined) return undefined;
  const certificates = content.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  if (certificates.length === 0) {
    item.report(field, 'holds no PEM certificate', WHERE_TO_GET_IT);
    return undefined;
  }
  for (const pem of certificates) checkCertificate(pem, item, field);
  return content;
}

/** Notes that an instance's gateway cannot be used without its CA. */
export function reportMissingCertificateAuthority(item: SettingItem): void {
  if (item.hasProblem(/^ca(?:FilePath)?$/)) return;
  item.report('caFilePath', 'is missing, and a KMS instance has a CA of its own', WHERE_TO_GET_IT);
}

function checkCertificate(pem: string, item: SettingItem, field: string): void {
  try {
    const endsAt = Date.parse(new X509Certificate(pem).validTo);
    if (endsAt - Date.now() < WARNING_TIME_MS) {
      const day = new Date(endsAt).toISOString().slice(0, 10);
      item.warn(
        field,
        endsAt < Date.now()
          ? `a certificate in it has ended on ${day}; ${RENEW}`
          : `a certificate in it ends on ${day}; ${RENEW} before then`,
      );
    }
  } catch (error) {
    item.report(field, `holds a certificate that cannot be read (${errorCodeOf(error)})`, WHERE_TO_GET_IT);
  }
}

const RENEW = 'download the current one from the KMS console';
