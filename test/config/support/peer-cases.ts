import { describe, expect, it } from '@jest/globals';

import type { KmsSettings } from '../../../lib/config/kms-settings.js';
import { vectorKeyFile, vectorKeyPath, vectorPassword } from '../../support/dkms-vectors.js';
import {
  readFromCode,
  readFromEnvironment,
  readFromFactory,
  readFromPropertiesFile,
  type TextSettings,
} from './read-settings.js';

/** Settings by the names that the official plugins and clients document, and what they mean. */
export interface PeerCase {
  readonly name: string;
  readonly settings: TextSettings;
  readonly expected: Partial<KmsSettings>;
}

export const clientKeyFile = vectorKeyPath('clientKey.legacy.json');
export const clientKey = vectorKeyFile('clientKey.legacy.json');
export const passwordFile = vectorKeyPath('password.txt');
export const caFilePath = vectorKeyPath('ca.crt.pem');
export const ca = vectorKeyFile('ca.crt.pem');
export const endpoint = 'kst-abc.cryptoservice.kms.aliyuncs.com';
export const json = (value: unknown) => JSON.stringify(value);

/** One region of the shared KMS, for cases that are about something else. */
export const oneRegion = { cache_client_region_id: '[{"regionId":"cn-hangzhou"}]' };

/** A dedicated instance as it is read. */
export function expectedDedicated(more: object = {}) {
  return expect.objectContaining({
    hostname: endpoint,
    clientKey,
    password: vectorPassword,
    ignoreSslCerts: false,
    ...more,
  }) as never;
}

/** A region as it is read. */
export function expectedRegion(regionId: string, hostname: string, more: object = {}) {
  return expect.objectContaining({ regionId, hostname, ...more }) as never;
}

/** Reads each case in every form that settings have. */
export function describeCases(cases: readonly PeerCase[]): void {
  describe.each(cases.map((peerCase) => [peerCase.name, peerCase] as const))(
    '%s',
    (_name, { settings, expected }) => {
      it('is read from the environment, through ConfigService', () => {
        expect(readFromEnvironment(settings)).toMatchObject(expected);
      });

      it('is read from a config factory whose JSON is already an array', () => {
        expect(readFromFactory(settings)).toMatchObject(expected);
      });

      it('is read from a properties file', () => {
        expect(readFromPropertiesFile(settings)).toMatchObject(expected);
      });

      it('is read from options in code', () => {
        expect(readFromCode(settings)).toMatchObject(expected);
      });
    },
  );
}
