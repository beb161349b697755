import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The packages that a process loads when it imports an entry of the built package. */
function packagesLoadedBy(entry: string): string[] {
  const hooks = `export async function load(url, context, next) {
    process._rawDebug('LOADED ' + url);
    return next(url, context);
  }`;
  const script = `
    import { register, createRequire } from 'node:module';
    register('data:text/javascript,' + encodeURIComponent(${JSON.stringify(hooks)}));
    await import(${JSON.stringify(entry)});
    for (const file of Object.keys(createRequire(process.cwd() + '/x.js').cache)) process._rawDebug('LOADED ' + file);
  `;
  const { stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  const names = [...stderr.matchAll(/LOADED .*node_modules\/((?:@[^/]+\/)?[^/\s]+)/g)].map(
    (match) => match[1] ?? '',
  );
  return [...new Set(names)].toSorted();
}

const OPTIONAL = [/^@alicloud\/(?!pop-core$)/, /^@nestjs\/terminus$/, /^@opentelemetry\//];

describe('importing', () => {
  it('the root entry loads neither V2 SDKs, nor @alicloud/credentials, nor terminus, nor OpenTelemetry', () => {
    const loaded = packagesLoadedBy('nestjs-aliyun-managed-credentials');
    expect(loaded).toEqual(expect.arrayContaining(['@alicloud/pop-core', '@nestjs/common', 'ali-oss']));
    expect(loaded.filter((name) => OPTIONAL.some((optional) => optional.test(name)))).toEqual([]);
  });

  it('the entry of the V2 clients loads no SDK', () => {
    const loaded = packagesLoadedBy('nestjs-aliyun-managed-credentials/openapi');
    expect(loaded).toContain('@nestjs/common');
    expect(loaded.filter((name) => /^(?:@alicloud\/|ali-oss|@opentelemetry)/.test(name))).toEqual([]);
  });

  it('the emulator loads nothing of Nest or of the SDKs', () => {
    const loaded = packagesLoadedBy('nestjs-aliyun-managed-credentials/testing');
    expect(loaded).toContain('node-forge');
    expect(loaded.filter((name) => /^(?:@nestjs|@alicloud|ali-oss|rxjs)/.test(name))).toEqual([]);
  });
});
