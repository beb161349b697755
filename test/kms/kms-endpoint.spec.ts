import { describe, expect, it } from '@jest/globals';

import { addressText } from '../../lib/kms/kms-endpoint.js';

describe('the text of an address', () => {
  it.each([
    ['kms.cn-hangzhou.aliyuncs.com', 443, 'kms.cn-hangzhou.aliyuncs.com'],
    ['kms.cn-hangzhou.aliyuncs.com', 8443, 'kms.cn-hangzhou.aliyuncs.com:8443'],
    ['192.0.2.1', 443, '192.0.2.1'],
    ['2001:db8::1', 443, '[2001:db8::1]'],
    ['2001:db8::1', 8443, '[2001:db8::1]:8443'],
  ])('%s, port %i, is that of a URL', (hostname, port, text) => {
    expect(addressText({ hostname, port })).toBe(text);
    expect(new URL(`https://${text}/`).host).toBe(text);
  });
});
