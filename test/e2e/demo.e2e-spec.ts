import { createServer, type AddressInfo } from 'node:net';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { DemoProcess } from '../support/demo-process.js';
import { sendPlain } from '../testing/support/rpc-caller.js';

const NAMES = 'ecs-operator, oss-writer';
const body = { secretName: 'oss-writer' };
/** Somebody else, on the port that the page is wanted on. */
const other = createServer();
let timed: DemoProcess;
let failing: DemoProcess;
let paged: DemoProcess;

beforeAll(async () => {
  await new Promise<void>((resolve) => {
    other.listen(0, '127.0.0.1', resolve);
  });
  timed = new DemoProcess('--seconds', '3', '--no-page');
  failing = new DemoProcess('--port', '0');
  paged = new DemoProcess('--port', String((other.address() as AddressInfo).port));
  for (const demo of [failing, paged]) await demo.press('automatic', { isOn: false });
  await failing.press('revoke', { secretName: 'ecs-operator' });
}, 60_000);
afterAll(() => {
  other.close();
  for (const demo of [timed, failing, paged]) demo.remove();
});

describe('the demo', () => {
  it('ends by itself with a summary: keys were replaced, KMS was asked once for each, no call failed', async () => {
    expect(await timed.ended()).toBe(0);
    const [, calls, failed, rotations, kmsCalls] =
      /\n([\d,]+) calls in \d+ s, (\d+) failed\. (\d+) emergency rotations, (\d+) KMS calls\./.exec(
        timed.printed,
      ) ?? [];
    expect(Number(calls?.replaceAll(',', ''))).toBeGreaterThan(50);
    expect(Number(failed)).toBe(0);
    expect(Number(rotations)).toBeGreaterThan(0);
    expect(Number(kmsCalls)).toBeLessThanOrEqual(2 * (1 + Number(rotations)));
    expect(timed.temporaryFolders()).toEqual([]);
  }, 90_000);

  it('prints plain lines into a log, and no address without a page', () => {
    expect(timed.printed).not.toContain('\r');
    expect(timed.printed).not.toContain('\u001b');
    expect(timed.printed).not.toContain('http://');
  });

  it('has exit code 1 when calls have failed, and names their code and nothing more', async () => {
    await failing.saying(/ calls {2}[1-9]\d* failed/);
    failing.signal('SIGTERM');
    expect(await failing.ended()).toBe(1);
    expect(failing.printed).toMatch(/\nFailed with InvalidAccessKeyId\.NotFound: [\d,]+ calls\.\n$/);
    expect(failing.printed).not.toContain('Signature');
    expect(failing.temporaryFolders()).toEqual([]);
  }, 90_000);

  it('says what is wrong with its options', async () => {
    const wrong = [
      { args: ['--port', 'x'], message: "--port takes a number from 0 to 65535, not 'x'" },
      { args: ['--seconds', '0'], message: '--seconds takes a number above 0' },
      { args: ['--loud'], message: "Unknown option '--loud'" },
    ];
    const demos = wrong.map(({ args }) => new DemoProcess(...args));
    const codes = await Promise.all(demos.map((demo) => demo.ended()));
    const printed = demos.map((demo) => demo.printed);
    for (const demo of demos) demo.remove();
    expect(codes).toEqual([1, 1, 1]);
    for (const [index, { message }] of wrong.entries()) {
      expect(printed[index]).toContain(message);
      expect(printed[index]).toContain('Usage: npm run sample');
    }
  }, 90_000);
});

describe('the page of the demo', () => {
  it('is served elsewhere when its port is taken', async () => {
    const { port } = other.address() as AddressInfo;
    await paged.saying(new RegExp(`http://127.0.0.1:\\d+ \\(port ${port} is taken\\)`));
    expect((await fetch(await paged.url())).status).toBe(200);
  });

  it('lets no other page put it into a frame, and loads nothing from elsewhere', async () => {
    const { headers } = await fetch(await paged.url());
    const policy = headers.get('content-security-policy');
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
  });

  it('may tell the demo what to do, and so may programs on the machine', async () => {
    expect(await paged.press('emergency-rotate', body)).toBe(204);
    expect(await paged.press('emergency-rotate', body, { origin: await paged.url() })).toBe(204);
    await paged.saying(/You: emergency rotation[^]+You: emergency rotation/);
  });

  it.each([
    ['pages of other sites', 403, { origin: 'http://evil.example' }],
    ['pages of other ports', 403, { origin: 'http://127.0.0.1:1' }],
    ['sandboxed pages', 403, { origin: 'null' }],
    ['a name that was rebound to this machine', 403, { host: 'evil.example', origin: 'http://evil.example' }],
    ['forms', 415, { 'content-type': 'text/plain' }],
  ])('alone may do so, not %s', async (_who, status, headers: Record<string, string>) => {
    const count = (deed: string) => paged.printed.split(`You: ${deed}`).length;
    const before = { rotations: count('emergency'), mendings: count('KMS is mended') };
    const answer = await sendPlain(`${await paged.url()}/actions/emergency-rotate`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    expect(answer.status).toBe(status);
    // What is printed of a later deed comes after what would be printed of this one.
    await paged.press('mend', {});
    await paged.printing(() => count('KMS is mended') > before.mendings);
    expect(count('emergency')).toBe(before.rotations);
  });

  it('is told nothing under a name that was rebound to this machine', async () => {
    const headers = { host: 'evil.example' };
    const { status, text } = await sendPlain(`${await paged.url()}/stream`, { headers });
    expect([status, text.includes('ecs-operator')]).toEqual([403, false]);
  });

  it.each([
    ['emergency-rotate', {}, `secretName must be one of ${NAMES}`],
    ['revoke', { secretName: 'nobody' }, `secretName must be one of ${NAMES}`],
    ['break-kms', { fault: 'x' }, 'fault must be one of refuse, unavailable, hang'],
    ['automatic', { isOn: 'yes' }, 'isOn must be true or false'],
  ])('is told what is wrong with %s %j', async (action, sent, message) => {
    const answer = await sendPlain(`${await paged.url()}/actions/${action}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(sent),
    });
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining(message)]);
  });

  it('changes nothing by GET', async () => {
    expect((await fetch(`${await paged.url()}/actions/mend`)).status).toBe(404);
  });

  it('is told when the demo ends, and does not hold it up', async () => {
    const page = await fetch(`${await paged.url()}/stream`);
    expect(paged.temporaryFolders()).toHaveLength(1);
    paged.signal('SIGINT');
    let told = '';
    const decoder = new TextDecoder();
    try {
      for await (const chunk of page.body ?? []) told += decoder.decode(chunk as Uint8Array);
    } catch {
      // The connection is cut right after the last word.
    }
    expect(told).toMatch(/data: \{"type":"end"\}\s+$/);
    expect(await paged.ended()).toBe(0);
    expect(paged.printed).toMatch(/\n[\d,]+ calls in \d+ s, 0 failed/);
    expect(paged.temporaryFolders()).toEqual([]);
  }, 90_000);
});
