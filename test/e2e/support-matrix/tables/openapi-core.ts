import { Readable } from 'node:stream';

import { fails, local, sentAgain, type Operation } from '../operation.js';
import type { OpenApiCaller, OpenApiWorld } from './openapi-requests.js';
import { OPENAPI_REQUESTS } from './openapi-requests.js';

/** What only @alicloud/openapi-core has. */
interface EventCaller extends OpenApiCaller {
  callSSEApi(params: object, request: object, runtime: object): AsyncIterable<unknown>;
}

const CHAT = {
  action: 'Chat',
  version: '2014-05-26',
  protocol: 'HTTP',
  pathname: '/chat',
  method: 'POST',
  authType: 'AK',
  style: 'ROA',
  reqBodyType: 'json',
  bodyType: 'sse',
};
const events = ({ client, paramsOf, requestOf, runtime }: OpenApiWorld, request: object) =>
  (client as EventCaller).callSSEApi(paramsOf(CHAT), requestOf(request), runtime);
const streamed = (bytes: number) => ({ stream: Readable.from([Buffer.alloc(bytes, 'k')]) });

/** The generic client of @alicloud/openapi-core. */
export const OPENAPI_CORE: readonly Operation<OpenApiWorld>[] = [
  ...OPENAPI_REQUESTS,
  sentAgain('callSSEApi(params, request, runtime)', (world) => events(world, { body: { prompt: 'meow' } }), {
    remark: 'Before the first event.',
  }),
  sentAgain('callSSEApi(params, request, runtime) with a stream', (world) => events(world, streamed(1000)), {
    remark: 'Before the first event, as long as no more of the stream was read than `replayBufferBytes`.',
  }),
  fails(
    'callSSEApi(params, request, runtime) with a large stream',
    async (world) => {
      const seen: unknown[] = [];
      for await (const event of events(world, streamed(1024 * 1024 + 1))) seen.push(event);
      return seen;
    },
    { remark: 'More of the stream was read than `replayBufferBytes`.' },
  ),
  local('getAccessDeniedDetail(error)', ({ client }) =>
    client.getAccessDeniedDetail({ AccessDeniedDetail: {} }),
  ),
];
