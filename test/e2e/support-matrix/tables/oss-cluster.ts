import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';

import { fails, local, sentAgain, signs, type Operation } from '../operation.js';
import { Sink, use, type OssWorld } from '../oss-world.js';

const BODY = Buffer.from('a body for every node');
const STREAM_REMARK = 'The nodes share one stream.';

/** The cluster client of OSS, with two nodes. */
export const OSS_CLUSTER: readonly Operation<OssWorld>[] = [
  sentAgain('put(name, Buffer)', ({ invoke }) => invoke('put', 'new', BODY)),
  sentAgain('put(name, path)', ({ invoke, file }) => invoke('put', 'new', file(BODY))),
  fails('put(name, Readable)', ({ invoke }) => invoke('put', 'new', Readable.from([BODY, BODY])), {
    remark: STREAM_REMARK,
  }),
  fails(
    'putStream(name, Readable)',
    ({ invoke }) => invoke('putStream', 'new', Readable.from([BODY, BODY])),
    {
      remark: STREAM_REMARK,
    },
  ),
  sentAgain('get(name)', ({ invoke }) => invoke('get', 'cat.png')),
  sentAgain('get(name, path)', async ({ invoke, path }) => [
    await invoke('get', 'cat.png', path('read')),
    readFileSync(path('read')),
  ]),
  fails(
    'get(name, Writable)',
    async ({ invoke }) => {
      const sink = new Sink();
      return [await invoke('get', 'cat.png', sink), sink.bytes];
    },
    { remark: 'A stream that was handed in cannot be written anew.' },
  ),
  sentAgain('getStream(name)', ({ invoke }) => invoke('getStream', 'cat.png')),
  sentAgain('head(name)', ({ invoke }) => invoke('head', 'cat.png'), { sendsHead: true }),
  sentAgain('list(query)', ({ invoke }) => invoke('list', { 'max-keys': 10 }, {})),
  sentAgain('copy(name, source)', ({ invoke }) => invoke('copy', 'copied', 'cat.png')),
  sentAgain('putMeta(name, meta)', ({ invoke }) => invoke('putMeta', 'cat.png', { a: 1 })),
  sentAgain('putACL(name, acl)', ({ invoke }) => invoke('putACL', 'cat.png', 'public-read')),
  sentAgain('getACL(name)', ({ invoke }) => invoke('getACL', 'cat.png')),
  sentAgain('delete(name)', ({ invoke }) => invoke('delete', 'cat.png')),
  sentAgain('deleteMulti(names)', ({ invoke }) => invoke('deleteMulti', ['cat.png'])),
  signs('signatureUrl(name)', async ({ text }) => use(await text('signatureUrl', 'cat.png'))),
  local('getObjectUrl(name)', ({ invoke }) => invoke('getObjectUrl', 'cat.png', 'http://cdn.example.com')),
  local('chooseAvailable()', async ({ invoke }) => {
    const { options } = (await invoke('chooseAvailable')) as { options: { bucket: string } };
    return options.bucket;
  }),
  local(
    'ready(callback)',
    ({ invoke }) =>
      new Promise((resolve) => {
        void invoke('ready', () => resolve('ready'));
      }),
  ),
];
