import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { readPage } from './support/markdown.js';
import { errorsOfStarts } from './support/errors-of-starts.js';
import { linesOfExtras, linesOfOneLife } from './support/lines-of-log.js';
import { SayingApplication } from './support/saying-application.js';

const page = readPage('docs/operations.md');
const quotedLines = page.blocks.filter(({ language }) => language === 'log').map(({ code }) => code);
const quotedErrors = page.blocks.filter(({ language }) => language === 'text').map(({ code }) => code);
let application: SayingApplication;

beforeAll(async () => {
  application = await SayingApplication.start();
});
afterAll(() => application.stop());

/** Leaves out what differs from run to run. */
function essence(text: string): string {
  return text
    .replace(/^log: /, 'LOG ')
    .replace(/^warn: /, 'WARN ')
    .replace(/^error: /, 'ERROR ')
    .replaceAll(/key LTAI\S+ \(version (?!recovered)[^)]+\)/g, 'KEY')
    .replaceAll(/key LTAI\S+ \(version recovered\)/g, 'RECOVERED KEY')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replaceAll(/ends on [\d-]+/g, 'ends on DAY')
    .replaceAll(/\d+ ms/g, 'N ms')
    .replaceAll(/(times in a row|the file cache|not be refreshed) \(.*?\)/g, '$1 (CODE)')
    .replaceAll(/(waiting for secret \S+) \(\S+ (\S+)\)/g, '$1 ($2)')
    .replaceAll(/HTTP \d+/g, 'HTTP N')
    .replaceAll(/request [\w-]{20,}/g, 'request ID')
    .replaceAll(/Dedicated KMS \S+/g, 'Dedicated KMS HOST')
    .replaceAll(/relative paths start at \S+/g, 'relative paths start at DIRECTORY')
    .replaceAll(/\(manual, fetched/g, '(scheduled, fetched')
    .trim();
}

describe('the page about operations', () => {
  it('quotes the log lines as they are printed, and all of them', async () => {
    const said = [...(await linesOfOneLife(application)), ...(await linesOfExtras(application))].map(essence);
    expect(quotedLines.map(essence).filter((line) => !said.includes(line))).toEqual([]);
    const quoted = new Set(quotedLines.map(essence));
    const ours = said.filter((line) => !line.endsWith('dependencies initialized'));
    expect([...new Set(ours)].filter((line) => !quoted.has(line))).toEqual([]);
  }, 60_000);

  it('quotes the errors of the start as they are', async () => {
    const said = (await errorsOfStarts(application)).map(essence);
    expect(quotedErrors.map(essence).filter((error) => !said.includes(error))).toEqual([]);
    expect(said).toHaveLength(quotedErrors.length);
  }, 60_000);
});
