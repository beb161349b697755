import { Agent } from 'node:http';
import type { LookupFunction } from 'node:net';

/** Connections to loopback whatever the host, for services whose host names begin with that of a bucket or project. */
export function loopbackAgent(): Agent {
  const lookup: LookupFunction = (_host, { all }, done) => {
    if (all === true) done(null, [{ address: '127.0.0.1', family: 4 }]);
    else done(null, '127.0.0.1', 4);
  };
  const options = { keepAlive: true, lookup };
  return new Agent(options);
}
