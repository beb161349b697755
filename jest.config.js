import { availableParallelism } from 'node:os';

/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  // One more than there are cores, as many tests wait for sockets and clocks. Jest takes percentages up to 100 only.
  maxWorkers: availableParallelism() + 1,
  // Modules of past test files stay in memory; beyond this a worker is replaced, or the garbage collector slows it down.
  workerIdleMemoryLimit: '400MB',
  // A test ends by its own deadlines; this one only ends what hangs, also on a machine that is busy with other things.
  testTimeout: 30_000,
  testMatch: [
    '<rootDir>/test/**/*.spec.ts',
    '<rootDir>/test/**/*.e2e-spec.ts',
    '<rootDir>/sample/**/*.spec.ts',
  ],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: {
    '^nestjs-aliyun-managed-credentials$': '<rootDir>/lib/index.ts',
    '^nestjs-aliyun-managed-credentials/openapi$': '<rootDir>/lib/clients/openapi/index.ts',
    '^nestjs-aliyun-managed-credentials/terminus$': '<rootDir>/lib/health/index.ts',
    '^nestjs-aliyun-managed-credentials/opentelemetry$': '<rootDir>/lib/telemetry/index.ts',
    '^nestjs-aliyun-managed-credentials/testing$': '<rootDir>/lib/testing/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
        },
        module: { type: 'es6' },
      },
    ],
  },
  collectCoverageFrom: ['lib/**/*.ts'],
};
