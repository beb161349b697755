import { after, fails, local, sentAgain, type Operation } from '../operation.js';
import type { OssAnswer, OssWorld } from '../oss-world.js';
import { Readable } from 'node:stream';

const PART = 100 * 1024;
const BODY = Buffer.alloc(PART * 3.5, 'parts of an object ');

const started = async ({ invoke }: OssWorld) => (await invoke('initMultipartUpload', 'big'))['uploadId'];
const uploaded = async (world: OssWorld) => {
  const uploadId = await started(world);
  const { etag } = await world.invoke('uploadPart', 'big', uploadId, 1, BODY, 0, PART);
  return { uploadId, parts: [{ number: 1, etag }] };
};
const source = ({ cloud, bucket }: OssWorld) => {
  cloud.putObject(bucket, 'source', BODY);
  return { sourceKey: 'source', sourceBucketName: bucket };
};

/** An upload that stopped after two parts, as its caller saved it. */
const stopped = async (invoke: (options: object) => Promise<OssAnswer>): Promise<object> => {
  let saved: { readonly doneParts: readonly object[] } | undefined;
  await invoke({
    partSize: PART,
    parallel: 1,
    progress: (_done: number, checkpoint: typeof saved) => {
      if (checkpoint?.doneParts.length !== 2) return;
      saved = { ...checkpoint, doneParts: [...checkpoint.doneParts] };
      throw new Error('stopped');
    },
  }).catch(() => undefined);
  if (saved === undefined) throw new Error('the upload did not stop');
  return saved;
};
// ali-oss appends to the list of a checkpoint that it is given.
const again = (checkpoint: object) => structuredClone(checkpoint);
const REMARK = 'Each part by itself.';

/** Multipart uploads. */
export const OSS_MULTIPART: readonly Operation<OssWorld>[] = [
  sentAgain('initMultipartUpload(name)', ({ invoke }) => invoke('initMultipartUpload', 'big')),
  sentAgain(
    'uploadPart(name, uploadId, partNo, Buffer, start, end)',
    after(started, ({ invoke }, id) => invoke('uploadPart', 'big', id, 1, BODY, PART, 2 * PART)),
  ),
  sentAgain(
    'uploadPart(name, uploadId, partNo, path, start, end)',
    after(started, ({ invoke, file }, id) => invoke('uploadPart', 'big', id, 1, file(BODY), PART, 2 * PART)),
  ),
  fails(
    'uploadPart(name, uploadId, partNo, Readable, 0, size)',
    after(started, ({ invoke }, id) =>
      invoke('uploadPart', 'big', id, 1, Readable.from([BODY]), 0, BODY.length),
    ),
    { remark: 'Only parts of a Buffer or a file can be read again.' },
  ),
  sentAgain(
    'completeMultipartUpload(name, uploadId, parts)',
    after(uploaded, ({ invoke }, { uploadId, parts }) =>
      invoke('completeMultipartUpload', 'big', uploadId, parts),
    ),
  ),
  sentAgain(
    'abortMultipartUpload(name, uploadId)',
    after(uploaded, ({ invoke }, { uploadId }) => invoke('abortMultipartUpload', 'big', uploadId)),
  ),
  sentAgain(
    'listParts(name, uploadId)',
    after(uploaded, ({ invoke }, { uploadId }) => invoke('listParts', 'big', uploadId, {})),
  ),
  sentAgain(
    'listUploads(query)',
    after(started, ({ invoke }) => invoke('listUploads', { 'max-uploads': 10 })),
  ),
  sentAgain(
    'multipartUpload(name, Buffer)',
    ({ invoke }) => invoke('multipartUpload', 'big', BODY, { partSize: PART, parallel: 1 }),
    { remark: REMARK },
  ),
  sentAgain(
    'multipartUpload(name, path)',
    ({ invoke, file }) => invoke('multipartUpload', 'big', file(BODY), { partSize: PART, parallel: 1 }),
    { remark: REMARK },
  ),
  sentAgain(
    'multipartUpload(name, path, { parallel })',
    ({ invoke, file }) => invoke('multipartUpload', 'big', file(BODY), { partSize: PART, parallel: 3 }),
    { remark: REMARK },
  ),
  sentAgain('multipartUpload(name, small Buffer)', ({ invoke }) =>
    invoke('multipartUpload', 'small', Buffer.from('one request')),
  ),
  sentAgain('multipartUpload(name, small path)', ({ invoke, file }) =>
    invoke('multipartUpload', 'small', file(Buffer.from('one request'))),
  ),
  sentAgain(
    'multipartUpload(name, Buffer, { checkpoint })',
    after(
      ({ invoke }) => stopped((options) => invoke('multipartUpload', 'big', BODY, options)),
      ({ invoke }, checkpoint) =>
        invoke('multipartUpload', 'big', BODY, { checkpoint: { ...again(checkpoint), file: BODY } }),
    ),
    { remark: REMARK },
  ),
  sentAgain(
    'multipartUpload(name, path, { checkpoint })',
    after(
      ({ invoke, file }) => stopped((options) => invoke('multipartUpload', 'big', file(BODY), options)),
      ({ invoke, file }, checkpoint) =>
        invoke('multipartUpload', 'big', file(BODY), { checkpoint: again(checkpoint) }),
    ),
    { remark: REMARK },
  ),
  sentAgain(
    'multipartUploadCopy(name, source)',
    after(source, ({ invoke }, from) =>
      invoke('multipartUploadCopy', 'copied', { ...from }, { partSize: PART }),
    ),
    { remark: REMARK, sendsHead: true },
  ),
  sentAgain(
    'uploadPartCopy(name, uploadId, partNo, range, source)',
    after(
      async (world) => ({ id: await started(world), from: source(world) }),
      ({ invoke }, { id, from }) => invoke('uploadPartCopy', 'big', id, 1, `0-${PART - 1}`, from),
    ),
  ),
  local('cancel()', async ({ invoke }) => {
    await invoke('cancel');
    const isCancelled = await invoke('isCancel');
    await invoke('resetCancelFlag');
    return isCancelled;
  }),
  local('isCancel()', async ({ invoke }) => {
    await invoke('resetCancelFlag');
    return invoke('isCancel');
  }),
  local('resetCancelFlag()', ({ invoke }) => invoke('resetCancelFlag')),
];
