import { Inject, type InjectionToken } from '@nestjs/common';

import { getAcsClientToken, getOssClientToken } from './clients/client-token.js';

/** Injects the {@link ProxyAcsClient} of a secret. */
export const InjectAcsClient = (secretName: string, name?: string) =>
  Inject(getAcsClientToken(secretName, name));

/** Injects the {@link ProxyOssClient} of a secret. */
export const InjectOssClient = (secretName: string, name?: string) =>
  Inject(getOssClientToken(secretName, name));

/** Injects a client that `managedClient` defined. */
export const InjectManagedClient = (token: InjectionToken) => Inject(token);
