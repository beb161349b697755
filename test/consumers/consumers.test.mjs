// Applications of users, with the packed package: what the repository resolves by itself may be missing from a tarball.
import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

import { firstBlock } from './support/pages.mjs';
import { run } from './support/run.mjs';
import { STACKS } from './support/stacks.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const APPS = fileURLToPath(new URL('apps', import.meta.url));
const PACKAGE = 'nestjs-aliyun-managed-credentials';
const COMMON_PACKAGES = ['@types/node@20', 'reflect-metadata@0.2', 'rxjs@7'];

const manifest = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
const optionalPeers = Object.keys(manifest.peerDependenciesMeta);

let folder;
let tarball;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'consumers-'));
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: ROOT });
  tarball = join(folder, JSON.parse(stdout)[0].filename);
});
after(() => rm(folder, { recursive: true, force: true }));

/** No install scripts: the package must not need any. Conflicting peers are errors. */
const INSTALL_OPTIONS =
  '--no-package-lock --ignore-scripts --strict-peer-deps --prefer-offline --no-audit --no-fund';

const install = (cwd, packages) =>
  run('npm', ['install', ...INSTALL_OPTIONS.split(' '), ...packages], { cwd });

/**
 * Compiles one source as an ES module or as CommonJS, in a folder of its own that shares the stack's node_modules.
 * @param others the text of further files, by name
 */
async function compile(stackFolder, compiler, source, { kind, resolution }, others = {}) {
  const appFolder = join(stackFolder, `${source}-${kind}`);
  await mkdir(appFolder);
  await cp(join(APPS, `${source}.ts`), join(appFolder, `${source}.ts`));
  for (const [name, text] of Object.entries(others)) await writeFile(join(appFolder, name), text);
  await writeFile(join(appFolder, 'package.json'), JSON.stringify({ private: true, type: kind }));
  const compilerOptions = {
    ...resolution,
    target: 'ES2022',
    strict: true,
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
    types: ['node'],
    skipLibCheck: true,
  };
  const settings = { compilerOptions, files: [`${source}.ts`, ...Object.keys(others)] };
  await writeFile(join(appFolder, 'tsconfig.json'), JSON.stringify(settings));
  await run(process.execPath, [compiler, '--project', appFolder], { cwd: appFolder });
  const output = join(appFolder, `${source}.js`);
  const loads = kind === 'module' ? `from '${PACKAGE}` : `require("${PACKAGE}`;
  assert.ok((await readFile(output, 'utf8')).includes(loads), `${source}.js is not of the kind ${kind}`);
  return output;
}

/** Runs a suite of jest as CommonJS, with the line of configuration that the page about testing gives. */
async function runSuite(stackFolder, others) {
  const suiteFolder = join(stackFolder, 'suite');
  await mkdir(suiteFolder);
  await cp(join(APPS, 'suite.ts'), join(suiteFolder, 'suite.ts'));
  for (const [name, text] of Object.entries(others)) await writeFile(join(suiteFolder, name), text);
  const { resolve } = createRequire(import.meta.url);
  const swc = {
    jsc: {
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true },
    },
    module: { type: 'commonjs' },
  };
  const config = {
    rootDir: suiteFolder,
    testMatch: ['**/suite.ts'],
    transform: { '^.+\\.(t|j)s$': [resolve('@swc/jest'), swc] },
    ...JSON.parse(await firstBlock('docs/testing.md', 'json')),
  };
  await writeFile(join(suiteFolder, 'package.json'), JSON.stringify({ private: true }));
  await writeFile(join(suiteFolder, 'jest.json'), JSON.stringify(config));
  await run(process.execPath, [resolve('jest/bin/jest'), '--config', 'jest.json'], { cwd: suiteFolder });
}

/**
 * Runs a compiled application, which must end by itself and print its line and no warning: of Node.js, of Nest, or of
 * the package but for the two keys that were refused.
 */
async function start(output, args, { refusedKeys, line }) {
  const { stdout, stderr } = await run(process.execPath, [output, ...args], {
    cwd: dirname(output),
    timeoutMs: 60_000,
  });
  const isRefusal = (text) => /WARN .*ManagedCredentials.*the cloud refused key/.test(text);
  const lines = stdout.trimEnd().split('\n');
  assert.equal(stderr, '');
  assert.deepEqual(
    lines.filter((text) => !isRefusal(text)),
    [line],
  );
  assert.equal(lines.filter(isRefusal).length, refusedKeys);
}

describe('applications with the packed package', { concurrency: 2 }, () => {
  for (const { name, packages, health, compilerOf, forms, usualForm } of STACKS) {
    describe(name, { concurrency: 1 }, () => {
      let stackFolder;

      it('installs without an optional peer', async () => {
        stackFolder = join(folder, name.replaceAll(' ', '-'));
        await mkdir(stackFolder);
        await writeFile(join(stackFolder, 'package.json'), JSON.stringify({ private: true }));
        await install(stackFolder, [...COMMON_PACKAGES, ...packages, tarball]);
        const { resolve } = createRequire(join(stackFolder, 'package.json'));
        assert.ok(resolve(PACKAGE));
        for (const peer of optionalPeers) assert.throws(() => resolve(peer), { code: 'MODULE_NOT_FOUND' });
      });

      for (const form of forms) {
        it(`compiles and serves through an emergency rotation as ${form.kind}, on Express and on Fastify`, async () => {
          const output = await compile(stackFolder, compilerOf(stackFolder), 'main', form);
          const outcome = { refusedKeys: 2, line: 'served through an emergency rotation' };
          await start(output, ['express'], outcome);
          await start(output, ['fastify'], outcome);
        });
      }

      it('lists regions with the module of the README', async () => {
        const readme = { 'app.module.ts': await firstBlock('README.md', 'ts') };
        const output = await compile(stackFolder, compilerOf(stackFolder), 'readme', usualForm, readme);
        await start(output, [], { refusedKeys: 0, line: 'regions listed' });
      });

      if (usualForm.kind === 'commonjs') {
        it('is loaded by a CommonJS suite of jest', async () => {
          const readme = { 'app.module.ts': await firstBlock('README.md', 'ts') };
          await runSuite(stackFolder, readme);
        });
      }

      it('has the emulator as a program', async () => {
        const program = join(stackFolder, 'node_modules/.bin/alibaba-cloud-emulator');
        const { stdout } = await run(program, ['--help'], { cwd: stackFolder });
        assert.match(stdout, /alibaba-cloud-emulator/);
      });

      it('reports its health to terminus, with telemetry, once they are installed', async () => {
        await install(stackFolder, health);
        const output = await compile(stackFolder, compilerOf(stackFolder), 'health', usualForm);
        await start(output, [], { refusedKeys: 0, line: 'healthy' });
      });
    });
  }
});
