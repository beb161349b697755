import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { launch, type Browser, type Page } from 'puppeteer-core';

import { findBrowser } from '../support/browser.js';
import { DemoProcess } from '../support/demo-process.js';

const browserPath = findBrowser();
if (browserPath === undefined) {
  process.stderr.write('Skipped: the live page needs Chromium or Chrome; CHROME_PATH may name it.\n');
}

(browserPath === undefined ? describe.skip : describe)('the live page in a browser', () => {
  const complaints: string[] = [];
  const foreign: string[] = [];
  let demo: DemoProcess;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    demo = new DemoProcess('--port', '0');
    browser = await launch({ executablePath: browserPath ?? '', headless: true, args: ['--no-sandbox'] });
    page = await browser.newPage();
    page.setDefaultTimeout(20_000);
    await page.setViewport({ width: 1280, height: 800 });
    const url = await demo.url();
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('request', (request) => {
      if (!request.url().startsWith(url)) foreign.push(request.url());
    });
    await page.goto(url);
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    demo.remove();
  });

  // The tests are compiled without the types of a browser, so what runs there is text.
  const read = async (expression: string): Promise<unknown> => page.evaluate(expression);
  const textOf = async (selector: string) =>
    String(await read(`document.querySelector('${selector}').textContent`));
  const figure = async (id: string) => Number((await textOf(`#${id}`)).replaceAll(',', ''));
  const press = (action: string) => page.click(`[data-action="${action}"]`);
  const stateOf = (name: string) => textOf(`[data-secret="${name}"] .state`);
  const keyOf = (name: string) => textOf(`[data-secret="${name}"] .key`);
  const until = (condition: string) => page.waitForFunction(condition);
  const logged = (text: string) =>
    until(`document.querySelector('#log').textContent.includes(${JSON.stringify(text)})`);
  const isState = (name: string, state: string) =>
    until(`document.querySelector('[data-secret="${name}"] .state').textContent === '${state}'`);

  it('shows figures that move, marks of rotations, and each secret', async () => {
    await until(`Number(document.querySelector('#calls').textContent.replaceAll(',', '')) > 100`);
    await until(`document.querySelectorAll('svg path.emergency').length > 1`);
    const calls = await figure('calls');
    await until(`Number(document.querySelector('#calls').textContent.replaceAll(',', '')) > ${calls}`);
    const series = await read(
      `[...document.querySelectorAll('svg .series')].map((path) => path.getAttribute('d') !== '')`,
    );
    expect(series).toEqual([true, true, true]);
    expect([await stateOf('ecs-operator'), await stateOf('oss-writer')]).toEqual(['fresh', 'fresh']);
    expect(await figure('failed')).toBe(0);
  }, 40_000);

  it('stops the rotations that happen by themselves', async () => {
    await page.click('#automatic');
    await until(`document.querySelector('#rotations-more').textContent === 'only by the buttons'`);
    expect(await read(`document.querySelector('#automatic').checked`)).toBe(false);
  }, 30_000);

  it.each([
    ['emergency-rotate', 'You: emergency rotation of ecs-operator', 'emergency'],
    ['rotate', 'You: planned rotation of ecs-operator', 'planned'],
    ['lag', 'of which KMS does not know yet', 'lag'],
  ])(
    '%s replaces the key and is marked',
    async (action, said, mark) => {
      const [key, rotations] = [await keyOf('ecs-operator'), await figure('rotations')];
      await press(action);
      await logged(said);
      await until(`document.querySelector('[data-secret="ecs-operator"] .key').textContent !== '${key}'`);
      await until(`document.querySelector('svg path.${mark}') !== null`);
      expect(await figure('rotations')).toBe(rotations + 1);
    },
    40_000,
  );

  it('revoke makes calls wait, and mend gives the key a successor before one fails', async () => {
    await page.click('[value="oss-writer"]');
    const key = await keyOf('oss-writer');
    await press('revoke');
    await until(`document.querySelector('svg path.revoked') !== null`);
    await until(`/, [1-9]\\d* in flight/.test(document.querySelector('#calls-more').textContent)`);
    await press('mend');
    await until(`document.querySelector('[data-secret="oss-writer"] .key').textContent !== '${key}'`);
    expect(await figure('failed')).toBe(0);
  }, 40_000);

  it('break-kms makes keys stale, which go on serving until mend', async () => {
    await press('break-kms');
    await until(`document.querySelector('svg .outage') !== null`);
    await isState('ecs-operator', 'stale');
    const calls = await figure('calls');
    await until(`Number(document.querySelector('#calls').textContent.replaceAll(',', '')) > ${calls}`);
    await press('mend');
    await isState('ecs-operator', 'fresh');
    expect(await figure('failed')).toBe(0);
  }, 40_000);

  it('refresh asks KMS, also by the keyboard', async () => {
    const kmsCalls = await figure('kms-calls');
    await page.focus('[data-action="refresh"]');
    await page.keyboard.press('Enter');
    await until(`Number(document.querySelector('#kms-calls').textContent) > ${kmsCalls}`);
    await page.focus('#charts');
    await page.keyboard.press('ArrowLeft');
    expect(await textOf('#readout')).toMatch(/^0\.5 s ago: /);
  }, 30_000);

  it('fits the width of a phone and follows the wish for dark colors', async () => {
    const background = () => read(`getComputedStyle(document.body).backgroundColor`);
    const light = await background();
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
    expect(await background()).not.toBe(light);
    for (const width of [1280, 390]) {
      await page.setViewport({ width, height: 800 });
      expect(await read('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    }
  }, 30_000);

  it('says when the demo ends, has loaded nothing from elsewhere and complained of nothing', async () => {
    expect([complaints, foreign]).toEqual([[], []]);
    demo.signal('SIGINT');
    await until(`document.querySelector('#connection').textContent === 'the demo has ended'`);
    expect(await demo.ended()).toBe(0);
  }, 30_000);
});
