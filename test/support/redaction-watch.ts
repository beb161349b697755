import { afterAll } from '@jest/globals';
import type { LoggerService } from '@nestjs/common';
import type { TestingModule } from '@nestjs/testing';
import { ManagedCredentialsService } from 'nestjs-aliyun-managed-credentials';
import type { AlibabaCloudEmulator } from 'nestjs-aliyun-managed-credentials/testing';

import { SecretScanner, textOf } from './secret-scanner.js';

const scanner = new SecretScanner();
const said: string[] = [];

/**
 * Listens to whatever applications under test say: log lines, events, status rows, errors of the start. When the tests
 * of a file are over, no secret that those applications knew may be among it.
 */
export const redactionWatch = {
  /** Keeps what is logged, and passes it on. */
  logger(logger: LoggerService): LoggerService {
    const hear = (parts: readonly unknown[]) => said.push(...parts.map(textOf));
    return {
      log: (message: unknown, ...more: unknown[]) => {
        hear([message, ...more]);
        logger.log(message, ...more);
      },
      warn: (message: unknown, ...more: unknown[]) => {
        hear([message, ...more]);
        logger.warn(message, ...more);
      },
      error: (message: unknown, ...more: unknown[]) => {
        hear([message, ...more]);
        logger.error(message, ...more);
      },
    };
  },

  /** Keeps an error. */
  error(error: unknown): void {
    said.push(textOf(error));
  },

  /** Listens to an application, and notes the secrets it gets to know. */
  application(app: TestingModule, cloud: AlibabaCloudEmulator): void {
    const { password, json } = cloud.clientKey;
    for (const secret of [password, json, cloud.kmsIdentity.accessKeySecret, cloud.oidc.token])
      scanner.add(secret);
    const service = app.get(ManagedCredentialsService);
    service.events.subscribe((event) => {
      said.push(JSON.stringify(event));
      if (event.type === 'refreshed') {
        const held = service.peek(event.secretName)?.accessKeySecret;
        if (held !== undefined) scanner.add(held);
        said.push(JSON.stringify(service.status()));
      }
    });
  },
};

afterAll(() => {
  const found = scanner.findIn(said.join('\n'));
  if (found.length > 0)
    throw new Error(`an application under test has said a secret, as ${found.join(', ')}`);
});
