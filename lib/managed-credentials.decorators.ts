import { Inject, type InjectionToken } from '@nestjs/common';

import {
  getAcsClientToken,
  getOssClientToken,
  getOssClusterClientToken,
  getOssImageClientToken,
  getOssStsClientToken,
  getRoaClientToken,
} from './clients/client-token.js';

/** Injects the {@link ProxyAcsClient} of a secret. */
export const InjectAcsClient = (secretName: string, name?: string) =>
  Inject(getAcsClientToken(secretName, name));

/** Injects the {@link ProxyOssClient} of a secret. */
export const InjectOssClient = (secretName: string, name?: string) =>
  Inject(getOssClientToken(secretName, name));

/** Injects the {@link ProxyRoaClient} of a secret. */
export const InjectRoaClient = (secretName: string, name?: string) =>
  Inject(getRoaClientToken(secretName, name));

/** Injects the {@link ProxyOssImageClient} of a secret. */
export const InjectOssImageClient = (secretName: string, name?: string) =>
  Inject(getOssImageClientToken(secretName, name));

/** Injects the {@link ProxyOssStsClient} of a secret. */
export const InjectOssStsClient = (secretName: string, name?: string) =>
  Inject(getOssStsClientToken(secretName, name));

/** Injects the {@link ProxyOssClusterClient} of a secret. */
export const InjectOssClusterClient = (secretName: string, name?: string) =>
  Inject(getOssClusterClientToken(secretName, name));

/** Injects a client that `managedClient` defined. */
export const InjectManagedClient = (token: InjectionToken) => Inject(token);
