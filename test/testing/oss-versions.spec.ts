import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AlibabaCloudEmulator } from '../../lib/testing/index.js';
import type { AnyOss, OssAnswer } from './support/any-oss.js';
import { failureOf } from './support/failure-of.js';
import { ossClient } from './support/oss-client.js';
import { startCloud } from './support/start-cloud.js';

describe.each([
  ['V1', false],
  ['V4', true],
])('objects, signed with %s,', (_, authorizationV4) => {
  let cloud: AlibabaCloudEmulator;

  beforeAll(async () => {
    cloud = await startCloud({ secrets: ['one'] });
  });
  afterAll(() => cloud.stop());

  test('have versions, in a bucket that keeps them', async () => {
    const versioned = ossClient(cloud, cloud.secret('one'), {
      authorizationV4,
      bucket: 'archive',
    }) as unknown as AnyOss;
    const run = async (name: string, ...args: unknown[]): Promise<OssAnswer> =>
      (await versioned[name]?.(...args)) as OssAnswer;
    const idOf = ({ res }: OssAnswer): string | undefined => res.headers['x-oss-version-id'];
    expect(idOf(await run('put', 'doc', Buffer.from('zero')))).toBeUndefined();
    expect((await run('getBucketVersioning', 'archive'))['versionStatus']).toBeUndefined();
    await run('putBucketVersioning', 'archive', 'Enabled');
    expect((await run('getBucketVersioning', 'archive'))['versionStatus']).toBe('Enabled');
    const first = idOf(await run('put', 'doc', Buffer.from('one')));
    const second = idOf(await run('put', 'doc', Buffer.from('two')));
    const text = async (versionId?: string): Promise<string> =>
      String((await run('get', 'doc', versionId === undefined ? {} : { versionId })).content);
    expect([await text(), await text(first), await text(second), await text('null')]).toEqual([
      'two',
      'one',
      'two',
      'zero',
    ]);
    expect(idOf(await run('head', 'doc'))).toBe(second);
    expect((await failureOf(run('get', 'doc', { versionId: 'x' }))).code).toBe('NoSuchVersion');

    const deletion = await run('delete', 'doc');
    expect(deletion.res.headers).toMatchObject({ 'x-oss-delete-marker': 'true' });
    const marker = idOf(deletion);
    expect((await failureOf(run('get', 'doc'))).code).toBe('NoSuchKey');
    expect((await failureOf(run('get', 'doc', { versionId: marker }))).code).toBe('MethodNotAllowed');
    expect(cloud.object('archive', 'doc')).toBeUndefined();
    expect((await run('list', {}, {}))['objects']).toEqual([]);
    const { objects, deleteMarker } = await run('getBucketVersions', {});
    expect(objects).toMatchObject([
      { name: 'doc', versionId: second, isLatest: false, size: 3 },
      { versionId: first },
      { versionId: 'null', size: 4 },
    ]);
    expect(deleteMarker).toMatchObject([{ name: 'doc', versionId: marker }]);

    await run('delete', 'doc', { versionId: marker });
    expect(await text()).toBe('two');
    await run('copy', 'doc', 'doc', { versionId: first });
    expect(await text()).toBe('one');
    await run('putACL', 'doc', 'public-read', { versionId: second });
    expect((await run('getACL', 'doc', { versionId: second }))['acl']).toBe('public-read');
    expect((await run('getACL', 'doc'))['acl']).toBe('default');
    await run('deleteMulti', [{ key: 'doc', versionId: second }, 'doc']);
    expect((await failureOf(run('get', 'doc'))).code).toBe('NoSuchKey');

    await run('putBucketVersioning', 'archive', 'Suspended');
    expect(idOf(await run('put', 'doc', Buffer.from('last')))).toBe('null');
    expect([await text(), await text('null')]).toEqual(['last', 'last']);
    expect((await failureOf(run('deleteBucket', 'archive'))).code).toBe('BucketNotEmpty');
  });

  test('list their versions page by page', async () => {
    const paged = ossClient(cloud, cloud.secret('one'), {
      authorizationV4,
      bucket: 'paged',
    }) as unknown as AnyOss;
    await paged['putBucketVersioning']?.('paged', 'Enabled');
    for (const name of ['a/1', 'a/1', 'b', 'b', 'c']) cloud.putObject('paged', name, 'x');
    const seen: unknown[] = [];
    let query: object = { maxKeys: 2 };
    for (;;) {
      const page = (await paged['getBucketVersions']?.(query)) as OssAnswer & { objects: { name: string }[] };
      seen.push(...page.objects.map(({ name }) => name));
      if (!page['isTruncated']) break;
      query = { maxKeys: 2, keyMarker: page['nextKeyMarker'], versionIdMarker: page['nextVersionIdMarker'] };
    }
    expect(seen).toEqual(['a/1', 'a/1', 'b', 'b', 'c']);
    const folded = await paged['getBucketVersions']?.({ delimiter: '/' });
    expect(folded).toMatchObject({
      prefixes: ['a/'],
      objects: [{ name: 'b' }, { name: 'b' }, { name: 'c' }],
    });
    const rest = await paged['getBucketVersions']?.({ keyMarker: 'a/1' });
    expect(rest).toMatchObject({ objects: [{ name: 'b' }, { name: 'b' }, { name: 'c' }] });
  });
});
