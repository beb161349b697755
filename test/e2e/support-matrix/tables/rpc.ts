import { sentAgain, type Operation } from '../operation.js';

/** An RPC client, managed or pop-core's own. */
interface RpcCaller {
  request(action: string, params: object, options?: object): Promise<unknown>;
}

/** What the calls of the RPC table work with. */
export interface RpcWorld {
  readonly acs: RpcCaller;
  /** The same with `verbose: true`. */
  readonly verbose: RpcCaller;
}

const PARAMS = { RegionId: 'cn-hangzhou', Name: 'é +*~', 'Tag.1': 'x' };
const POST = { method: 'POST' };

/** What the answer and the request say, without the signature in its URL. */
const exchangeOf = async (call: Promise<unknown>) => {
  const [answer, { response }] = (await call) as [unknown, { response: object }];
  return [answer, response];
};

/** pop-core's RPC client. */
export const RPC: readonly Operation<RpcWorld>[] = [
  sentAgain('request(action, params)', ({ acs }) => acs.request('CreateThing', PARAMS, POST)),
  sentAgain("request(action, params, { method: 'GET' })", ({ acs }) =>
    acs.request('CreateThing', PARAMS, { method: 'GET' }),
  ),
  sentAgain('request(action, params, { compression: true })', ({ acs }) =>
    acs.request('CreateThing', PARAMS, { ...POST, compression: true }),
  ),
  sentAgain('request(action, params, { formatParams: false })', ({ acs }) =>
    acs.request('createThing', PARAMS, { ...POST, formatAction: false, formatParams: false }),
  ),
  sentAgain('request(action, params) of a verbose client', ({ verbose }) =>
    exchangeOf(verbose.request('CreateThing', PARAMS, POST)),
  ),
];
