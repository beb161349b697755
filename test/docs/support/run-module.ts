import assert from 'node:assert';
import { createReadStream, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { compileFunction } from 'node:vm';

import * as nestCommon from '@nestjs/common';
import * as nestConfig from '@nestjs/config';
import * as nestTesting from '@nestjs/testing';
import * as library from 'nestjs-aliyun-managed-credentials';
import * as emulator from 'nestjs-aliyun-managed-credentials/testing';
import ts from 'typescript';

import type { CodeBlock } from './markdown.js';
import { moduleOf } from './snippet.js';

type Modules = Readonly<Record<string, object>>;

/** What examples may import. */
const MODULES: Modules = {
  'nestjs-aliyun-managed-credentials': library,
  'nestjs-aliyun-managed-credentials/testing': emulator,
  '@nestjs/common': nestCommon,
  '@nestjs/config': nestConfig,
  '@nestjs/testing': nestTesting,
  'node:assert': assert,
  'node:fs': { createReadStream, readFileSync },
  'node:fs/promises': { readFile },
};

/**
 * Runs an example to its end.
 *
 * @param replaced modules that it gets in place of the real ones
 * @throws what the example throws
 */
export async function runModule(block: CodeBlock, replaced: Modules = {}): Promise<void> {
  const { outputText } = ts.transpileModule(moduleOf(block), {
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.CommonJS,
      experimentalDecorators: true,
      emitDecoratorMetadata: true,
    },
  });
  const modules = { ...MODULES, ...replaced };
  const run = compileFunction(`return (async () => {${outputText}\n})()`, [
    'require',
    'exports',
    'process',
  ]) as (
    require: (name: string) => object | undefined,
    exports: object,
    process: NodeJS.Process,
  ) => Promise<void>;
  // Jest has a process of its own for each file of tests.
  await run((name) => modules[name], {}, process);
}

/** Runs an example that is a test file, in the order in which jest would. */
export async function runJestFile(block: CodeBlock, expect: unknown): Promise<void> {
  const steps = { beforeAll: [], it: [], afterAll: [] } as Record<string, (() => unknown)[]>;
  const globals = {
    beforeAll: (step: () => unknown) => steps['beforeAll']?.push(step),
    afterAll: (step: () => unknown) => steps['afterAll']?.push(step),
    it: (_name: string, step: () => unknown) => steps['it']?.push(step),
    expect,
  };
  await runModule(block, { '@jest/globals': globals });
  let failure: unknown;
  try {
    for (const step of [...(steps['beforeAll'] ?? []), ...(steps['it'] ?? [])]) await step();
  } catch (error) {
    failure = error;
  }
  const ends = await Promise.allSettled((steps['afterAll'] ?? []).map(async (step) => step()));
  failure ??= ends.find((end) => end.status === 'rejected')?.reason;
  if (failure !== undefined) throw failure as Error;
}
