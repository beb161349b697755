import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { Exchange } from '../../lib/testing/http/exchange.js';
import { OssRequest } from '../../lib/testing/oss/oss-request.js';
import { headerSignatureV1 } from '../../lib/testing/oss/signatures/header-signature-v1.js';
import { headerSignatureV4 } from '../../lib/testing/oss/signatures/header-signature-v4.js';
import { querySignatureV4 } from '../../lib/testing/oss/signatures/query-signature-v4.js';
import { RpcRequest } from '../../lib/testing/pop/rpc-request.js';
import { V3Request } from '../../lib/testing/pop/v3-request.js';
import { SlsRequest } from '../../lib/testing/sls/sls-request.js';

/** A request as it would have arrived. */
function exchangeOf(method: string, url: string, headers: Record<string, string> = {}, body = ''): Exchange {
  const [path = ''] = url.split('?');
  const host = headers['host'] ?? '';
  const record = { target: 'oss', at: 0, method, path, host, bytes: 0, requestId: '' } as const;
  const request = Object.assign(Readable.from([Buffer.from(body)]), { method, url, headers });
  return new Exchange(request as unknown as IncomingMessage, {} as ServerResponse, { ...record });
}

// Signatures that Alibaba Cloud has published: in its API references, and in the unit tests of its OSS SDKs.
describe('published signatures are accepted, and only with the right secret', () => {
  test('RPC 1.0: DescribeRegions of the ECS API reference', async () => {
    const url =
      '/?Action=DescribeRegions&Format=XML&SignatureMethod=HMAC-SHA1&Version=2014-05-26&AccessKeyId=testid' +
      '&SignatureVersion=1.0&SignatureNonce=3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf&Timestamp=2016-02-23T12%3A46%3A24Z' +
      '&Signature=OLeaidS1JvxuMvnyHOwuJ%2BuX5qY%3D';
    const request = await RpcRequest.read(exchangeOf('GET', url));
    expect([request.isSignedWith('testsecret'), request.isSignedWith('othersecret')]).toEqual([true, false]);
    expect(request.signedAt).toBe(Date.UTC(2016, 1, 23, 12, 46, 24));
  });

  test('version 3: RunInstances of the description of the signature method', async () => {
    const names = [
      'x-acs-action',
      'x-acs-content-sha256',
      'x-acs-date',
      'x-acs-signature-nonce',
      'x-acs-version',
    ];
    const signature = '06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0';
    const url = '/?ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai';
    const request = await V3Request.read(
      exchangeOf('POST', url, {
        host: 'ecs.cn-shanghai.aliyuncs.com',
        'x-acs-action': 'RunInstances',
        'x-acs-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
        'x-acs-date': '2023-10-26T10:22:32Z',
        'x-acs-signature-nonce': '3156853299f313e23d1673dc12e1703d',
        'x-acs-version': '2014-05-26',
        authorization: `ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;${names.join(';')},Signature=${signature}`,
      }),
    );
    expect(() => request.assertVerifiable()).not.toThrow();
    expect(request.isSignedWith('YourAccessKeySecret')).toBe(true);
    expect(request.isSignedWith('OtherAccessKeySecret')).toBe(false);
  });

  test.each([
    [
      'GET',
      '/logstores?logstoreName=&offset=0&size=1000',
      'Mon, 09 Nov 2015 06:11:16 GMT',
      {},
      'jEYOTCJs2e88o+y5F4/S5IsnBJQ=',
    ],
    [
      'POST',
      '/logstores/test-logstore',
      'Mon, 09 Nov 2015 06:03:03 GMT',
      {
        'content-md5': '1DD45FA4A70A9300CC9FE7305AF2C494',
        'content-type': 'application/x-protobuf',
        'x-log-bodyrawsize': '50',
        'x-log-compresstype': 'lz4',
      },
      'XWLGYHGg2F2hcfxWxMLiNkGki6g=',
    ],
  ])('SLS V1: the %s of the SLS developer reference', async (method, url, date, headers, signature) => {
    const request = await SlsRequest.read(
      exchangeOf(method, url, {
        date,
        'x-log-apiversion': '0.6.0',
        'x-log-signaturemethod': 'hmac-sha1',
        ...headers,
        authorization: `LOG bq2sjzesjmo86kq35behupbq:${signature}`,
      }),
    );
    expect(request.isSignedWith('4fdO2fTDDnZPU/L7CHNdemB2Nsk=')).toBe(true);
    expect(request.isSignedWith('x')).toBe(false);
  });

  test('OSS V1: the upload of the OSS developer reference', () => {
    const request = new OssRequest(
      exchangeOf('PUT', '/nelson', {
        host: 'oss-example.oss-cn-hangzhou.aliyuncs.com',
        'content-md5': 'ODBGOERFMDMzQTczRUY3NUE3NzA5QzdFNUYzMDQxNEM=',
        'content-type': 'text/html',
        date: 'Thu, 17 Nov 2005 18:49:58 GMT',
        authorization: 'OSS 44CF9590006BF252F707:26NBxoKdsyly4EDv6inkoDft/yA=',
        'x-oss-meta-author': 'foo@bar.com',
        'x-oss-magic': 'abracadabra',
      }),
    );
    const secret = 'OtxrzxIsfpFjA7SwPzILwy8Bw21TLhquhboDYROV';
    const claimed = headerSignatureV1(request);
    expect(request.addresses).toEqual([{ bucket: 'oss-example', object: 'nelson' }]);
    const fits = (object: string, key: string): boolean | undefined =>
      claimed?.fits({ bucket: 'oss-example', object }, key);
    expect([fits('nelson', secret), fits('nelson', 'x'), fits('other', secret)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  test.each([
    ['plain', '20231216T162057Z', {}, '', 'e21d18daa82167720f9b1047ae7e7f1ce7cb77a31e8203a7d5f4624fa0284afe'],
    [
      'with a token',
      '20231217T034736Z',
      { 'x-oss-security-token': 'token' },
      '',
      'b94a3f999cf85bcdc00d332fbd3734ba03e48382c36fa4d5af5df817395bd9ea',
    ],
    [
      'with additional headers',
      '20231216T172512Z',
      {},
      'AdditionalHeaders=abc;zabc,',
      '4a4183c187c07c8947db7620deb0a6b38d9fbdd34187b6dbaccb316fa251212f',
    ],
  ])('OSS V4: the upload of the SDKs, %s', (_, date, headers, additional, signature) => {
    const credential = `ak/${date.slice(0, 8)}/cn-hangzhou/oss/aliyun_v4_request`;
    const query = '%2Bparam1=value3&%2Bparam2&%7Cparam1=value4&%7Cparam2&param1=value1&param2';
    const request = new OssRequest(
      exchangeOf('PUT', `/1234%2B-/123/1.txt?${query}`, {
        host: 'bucket.oss-cn-hangzhou.aliyuncs.com',
        'x-oss-head1': 'value',
        abc: 'value',
        zabc: 'value',
        xyz: 'value',
        'content-type': 'text/plain',
        'x-oss-content-sha256': 'UNSIGNED-PAYLOAD',
        'x-oss-date': date,
        authorization: `OSS4-HMAC-SHA256 Credential=${credential},${additional}Signature=${signature}`,
        ...headers,
      }),
    );
    const claimed = headerSignatureV4(request);
    const address = { bucket: 'bucket', object: '1234+-/123/1.txt' };
    expect(request.addresses).toEqual([address]);
    expect([claimed?.fits(address, 'sk'), claimed?.fits(address, 'x')]).toEqual([true, false]);
    expect(claimed?.accessKeyId).toBe('ak');
  });

  test.each([
    ['plain', '20231217T025437Z', '', 'a39966c61718be0d5b14e668088b3fa07601033f6518ac7b523100014269c0fe'],
    [
      'with a token',
      '20231217T035628Z',
      '&x-oss-security-token=token',
      '3817ac9d206cd6dfc90f1c09c00be45005602e55898f26f5ddb06d7892e1f8b5',
    ],
    [
      'with additional headers',
      '20231217T033009Z',
      '&x-oss-additional-headers=abc%3Bzabc',
      '6bd984bfe531afb6db1f7550983a741b103a8c58e5e14f83ea474c2322dfa2b7',
    ],
  ])('OSS V4 in a URL: the upload of the SDKs, %s', (_, date, more, signature) => {
    const credential = encodeURIComponent(`ak/${date.slice(0, 8)}/cn-hangzhou/oss/aliyun_v4_request`);
    const signing = `x-oss-signature-version=OSS4-HMAC-SHA256&x-oss-date=${date}&x-oss-expires=599&x-oss-credential=${credential}`;
    const query = '%2Bparam1=value3&%2Bparam2&%7Cparam1=value4&%7Cparam2&param1=value1&param2';
    const url = `/1234%2B-/123/1.txt?${query}&${signing}${more}&x-oss-signature=${signature}`;
    const request = new OssRequest(
      exchangeOf('PUT', url, {
        host: 'bucket.oss-cn-hangzhou.aliyuncs.com',
        'x-oss-head1': 'value',
        abc: 'value',
        zabc: 'value',
        xyz: 'value',
        'content-type': 'application/octet-stream',
      }),
    );
    const claimed = querySignatureV4(request);
    const address = { bucket: 'bucket', object: '1234+-/123/1.txt' };
    expect([claimed?.fits(address, 'sk'), claimed?.fits(address, 'x')]).toEqual([true, false]);
    const signedAt = Date.parse(date.replace(/^(....)(..)(..T..)(..)/, '$1-$2-$3:$4:'));
    const problemAfter = (seconds: number): unknown => claimed?.timeProblem(signedAt + seconds * 1000)?.code;
    expect([problemAfter(598), problemAfter(600)]).toEqual([undefined, 'AccessDenied']);
  });
});
