import type { IncomingHttpHeaders } from 'node:http';
import { ServiceError } from '../http/service-error.js';

const LOOPBACK_HOST = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/i;

/**
 * Refuses requests that a web page of another origin has caused. A browser names the page's origin in every POST, and
 * a name that was rebound to this machine in `Host`. Programs send no `Origin`.
 * @throws ServiceError 403
 */
export function assertLocal({ host = '', origin }: IncomingHttpHeaders): void {
  if (!LOOPBACK_HOST.test(host)) {
    throw new ServiceError(403, 'ForeignHost', `Use localhost or 127.0.0.1 as the host, not '${host}'.`);
  }
  if (origin !== undefined && origin !== `http://${host}`) {
    throw new ServiceError(403, 'ForeignOrigin', `Web pages of '${origin}' may not use this server.`);
  }
}
