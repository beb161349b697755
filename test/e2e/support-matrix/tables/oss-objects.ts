import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';

import { after, fails, sentAgain, type Operation } from '../operation.js';
import { Sink, type OssWorld } from '../oss-world.js';

const BODY = Buffer.from('a body with bytes: \u0000\u00ff');
/** As much of a stream as is kept by default: `replayBufferBytes`, 1 MiB. */
const KEPT = 1024 * 1024;
const KEPT_REMARK = 'As long as no more of the stream was read than `replayBufferBytes`.';
const CONSUMED_REMARK = 'More of the stream was read than `replayBufferBytes`.';

const small = () => Readable.from([BODY.subarray(0, 5), BODY.subarray(5)]);
const largest = () => Readable.from([Buffer.alloc(KEPT, 'k')]);
const tooLarge = () => Readable.from([Buffer.alloc(KEPT + 1, 'k')]);
const fetching = ({ invoke }: OssWorld) => invoke('postAsyncFetch', 'cat.png', 'http://example.com/cat.png');
const linked = ({ invoke }: OssWorld) => invoke('putSymlink', 'link', 'cat.png');
const tagged = ({ invoke }: OssWorld) => invoke('putObjectTagging', 'cat.png', { a: '1' });
const versioned = async ({ invoke, bucket }: OssWorld) => {
  await invoke('putBucketVersioning', bucket, 'Enabled');
  await invoke('put', 'cat.png', BODY);
};
const frozen = ({ invoke }: OssWorld) =>
  invoke('put', 'frozen', BODY, { headers: { 'x-oss-storage-class': 'Archive' } });

/** Operations on objects, multipart uploads and signatures aside. */
export const OSS_OBJECTS: readonly Operation<OssWorld>[] = [
  sentAgain('put(name, Buffer)', ({ invoke }) => invoke('put', 'new', BODY, { meta: { a: 'b' } })),
  sentAgain('put(name, path)', ({ invoke, file }) => invoke('put', 'new', file(BODY))),
  sentAgain('put(name, Readable)', ({ invoke }) => invoke('put', 'new', small()), { remark: KEPT_REMARK }),
  sentAgain('putStream(name, Readable)', ({ invoke }) => invoke('putStream', 'new', largest()), {
    remark: KEPT_REMARK,
  }),
  fails('put(name, large Readable)', ({ invoke }) => invoke('put', 'new', tooLarge()), {
    remark: CONSUMED_REMARK,
  }),
  fails('putStream(name, large Readable)', ({ invoke }) => invoke('putStream', 'new', tooLarge()), {
    remark: CONSUMED_REMARK,
  }),
  sentAgain('append(name, Buffer)', ({ invoke }) => invoke('append', 'log', BODY)),
  sentAgain(
    'append(name, Buffer, { position })',
    after(
      ({ invoke }) => invoke('append', 'log', BODY),
      ({ invoke }, { nextAppendPosition: position }) => invoke('append', 'log', BODY, { position }),
    ),
  ),
  sentAgain('append(name, path)', ({ invoke, file }) => invoke('append', 'log', file(BODY))),
  sentAgain('append(name, Readable)', ({ invoke }) => invoke('append', 'log', small()), {
    remark: KEPT_REMARK,
  }),
  fails('append(name, large Readable)', ({ invoke }) => invoke('append', 'log', tooLarge()), {
    remark: CONSUMED_REMARK,
  }),
  sentAgain('get(name)', ({ invoke }) => invoke('get', 'cat.png')),
  sentAgain('get(name, { headers: { Range } })', ({ invoke }) =>
    invoke('get', 'cat.png', { headers: { Range: 'bytes=1-2' } }),
  ),
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
  sentAgain('getObjectMeta(name)', ({ invoke }) => invoke('getObjectMeta', 'cat.png'), { sendsHead: true }),
  sentAgain('copy(name, source)', ({ invoke }) => invoke('copy', 'copied', 'cat.png')),
  sentAgain('putMeta(name, meta)', ({ invoke }) => invoke('putMeta', 'cat.png', { a: 1 })),
  sentAgain('delete(name)', ({ invoke }) => invoke('delete', 'cat.png')),
  sentAgain('deleteMulti(names)', ({ invoke }) => invoke('deleteMulti', ['cat.png', 'nothing'])),
  sentAgain('list(query)', ({ invoke }) => invoke('list', { 'max-keys': 10 }, {})),
  sentAgain('listV2(query)', ({ invoke }) => invoke('listV2', { 'max-keys': 10 })),
  sentAgain(
    'listObjectVersions(query)',
    after(versioned, ({ invoke }) => invoke('listObjectVersions', { prefix: 'c', maxKeys: 5 })),
  ),
  sentAgain(
    'getBucketVersions(query)',
    after(versioned, ({ invoke }) => invoke('getBucketVersions', {})),
  ),
  sentAgain('putSymlink(name, target)', ({ invoke }) => invoke('putSymlink', 'link', 'cat.png')),
  sentAgain(
    'getSymlink(name)',
    after(linked, ({ invoke }) => invoke('getSymlink', 'link')),
  ),
  sentAgain('putObjectTagging(name, tags)', ({ invoke }) =>
    invoke('putObjectTagging', 'cat.png', { a: '1' }),
  ),
  sentAgain(
    'getObjectTagging(name)',
    after(tagged, ({ invoke }) => invoke('getObjectTagging', 'cat.png')),
  ),
  sentAgain(
    'deleteObjectTagging(name)',
    after(tagged, ({ invoke }) => invoke('deleteObjectTagging', 'cat.png')),
  ),
  sentAgain('putACL(name, acl)', ({ invoke }) => invoke('putACL', 'cat.png', 'public-read')),
  sentAgain('getACL(name)', ({ invoke }) => invoke('getACL', 'cat.png')),
  sentAgain(
    'restore(name)',
    after(frozen, ({ invoke }) => invoke('restore', 'frozen')),
  ),
  sentAgain('processObjectSave(source, target, process)', ({ invoke, bucket }) =>
    invoke('processObjectSave', 'cat.png', 'small.png', 'image/resize,w_10', bucket),
  ),
  sentAgain('postAsyncFetch(name, url)', fetching),
  sentAgain(
    'getAsyncFetch(taskId)',
    after(fetching, ({ invoke }, { taskId }) => invoke('getAsyncFetch', taskId)),
  ),
  sentAgain('request(params)', ({ invoke, bucket }) =>
    invoke('request', { method: 'GET', bucket, object: 'cat.png', successStatuses: [200] }),
  ),
];
