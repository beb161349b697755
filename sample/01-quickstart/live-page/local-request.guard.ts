import type { IncomingMessage } from 'node:http';

import {
  ForbiddenException,
  Injectable,
  UnsupportedMediaTypeException,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';

const LOOPBACK_HOST = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/i;

/**
 * Lets nobody press the buttons but the page itself and programs on this machine. The server listens on loopback only,
 * but a web page from elsewhere runs on this machine too: a browser tells its origin with each POST, and the name that
 * it was reached by as the host.
 */
@Injectable()
export class LocalRequestGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { method, headers } = context.switchToHttp().getRequest<IncomingMessage>();
    const { host = '', origin, 'content-type': type = '' } = headers;
    if (!LOOPBACK_HOST.test(host)) throw new ForbiddenException('Only for localhost and 127.0.0.1.');
    if (origin !== undefined && origin !== `http://${host}`) {
      throw new ForbiddenException('Not for the pages of other sites.');
    }
    // A page cannot send this type to another site without being asked for leave first.
    if (method === 'POST' && !type.startsWith('application/json')) {
      throw new UnsupportedMediaTypeException('Send JSON.');
    }
    return true;
  }
}
