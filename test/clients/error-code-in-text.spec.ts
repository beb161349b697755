import { describe, expect, it } from '@jest/globals';

import { errorCodeInText } from '../../lib/clients/roa/error-code-in-text.js';

const NO_KEY = 'InvalidAccessKeyId.NotFound';
const padded = (text: string, length: number) => text.padEnd(length);

describe('an answer that the SDK hands out as text', () => {
  it.each([
    ['JSON with a Code', `{"RequestId":"1","Code":"${NO_KEY}"}`],
    ['JSON with an errorCode, as some services write it', `{"errorCode":"${NO_KEY}"}`],
    ['JSON with both, where Code is nearer to the gateway', `{"errorCode":"Other","Code":"${NO_KEY}"}`],
    ['JSON between white space', `\r\n {"Code":"${NO_KEY}"} \n`],
    ['JSON that is as long as an error may be', padded(`{"Code":"${NO_KEY}"}`, 16_384)],
    ['XML', `<?xml version="1.0"?><Error><Code>${NO_KEY}</Code></Error>`],
    [
      'XML in lines, with fields before the code',
      `\n<Error>\n<HostId>h</HostId>\n<Code>\n${NO_KEY}\n</Code>\n</Error>`,
    ],
    ['XML with a second error', `<Error><Code>${NO_KEY}</Code></Error><Error><Code>Other</Code></Error>`],
  ])('is known as a refusal by its code: %s', (_what, text) => {
    expect(errorCodeInText(text)).toBe(NO_KEY);
  });

  it.each([
    ['nothing', ''],
    ['plain text with a code in it', `"Code":"${NO_KEY}"`],
    ['JSON that is no object', `[{"Code":"${NO_KEY}"}]`],
    ['JSON without a code', '{"Clusters":[]}'],
    ['JSON whose code is a number', '{"Code":200}'],
    ['JSON that is cut', `{"Code":"${NO_KEY}"`],
    ['JSON that is longer than errors are', padded(`{"Code":"${NO_KEY}"}`, 16_385)],
    ['XML of something else', `<Result><Code>${NO_KEY}</Code></Result>`],
    ['XML whose error has no code', '<Error><Message>no</Message></Error>'],
    ['XML whose code is no code', '<Error><Code>not a code</Code></Error>'],
    ['HTML', '<html><body>502</body></html>'],
  ])('is what the caller asked for: %s', (_what, text) => {
    expect(errorCodeInText(text)).toBeUndefined();
  });
});
