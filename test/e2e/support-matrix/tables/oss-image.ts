import { readFileSync } from 'node:fs';

import { after, fails, sentAgain, signs, type Operation } from '../operation.js';
import { Sink, use, type OssWorld } from '../oss-world.js';

const styled = ({ invoke }: OssWorld) => invoke('putStyle', 'small', 'image/resize,w_10');

/** The image client of OSS. */
export const OSS_IMAGE: readonly Operation<OssWorld>[] = [
  sentAgain('get(name)', ({ invoke }) => invoke('get', 'cat.png')),
  sentAgain('get(name, path)', async ({ invoke, path }) => [
    await invoke('get', 'cat.png', path('image')),
    readFileSync(path('image')),
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
  sentAgain('getExif(name)', ({ invoke }) => invoke('getExif', 'cat.png')),
  sentAgain('getInfo(name)', ({ invoke }) => invoke('getInfo', 'cat.png')),
  sentAgain('putStyle(name, style)', styled),
  sentAgain(
    'getStyle(name)',
    after(styled, ({ invoke }) => invoke('getStyle', 'small')),
  ),
  sentAgain(
    'listStyle()',
    after(
      ({ cloud, bucket }) => {
        // ali-oss escapes the question mark, and so asks for an object.
        const headers = { 'content-type': 'application/xml' };
        cloud.putObject(bucket, '?style', '<StyleList><Style>small</Style></StyleList>', headers);
      },
      ({ invoke }) => invoke('listStyle'),
    ),
  ),
  sentAgain(
    'deleteStyle(name)',
    after(styled, ({ invoke }) => invoke('deleteStyle', 'small')),
  ),
  signs('signatureUrl(name)', async ({ text }) => use(await text('signatureUrl', 'cat.png'))),
];
