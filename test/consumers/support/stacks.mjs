import { createRequire } from 'node:module';
import { join } from 'node:path';

const NODE_NEXT = { module: 'NodeNext', moduleResolution: 'NodeNext' };
const ES_MODULE = { kind: 'module', resolution: NODE_NEXT };

/**
 * What applications are made of: each is installed once, and its applications share what is installed. The usual form is
 * the one of applications that the Nest CLI of that version makes.
 */
export const STACKS = [
  {
    name: 'Nest 11 with TypeScript 5.9',
    packages: [
      '@nestjs/common@11',
      '@nestjs/config@4',
      '@nestjs/core@11',
      '@nestjs/platform-express@11',
      '@nestjs/platform-fastify@11',
      '@nestjs/schedule@6',
      '@nestjs/testing@11',
      'typescript@5.9',
    ],
    health: ['@nestjs/terminus@11', '@opentelemetry/api@1'],
    compilerOf: (folder) => join(folder, 'node_modules/typescript/bin/tsc'),
    forms: [ES_MODULE, { kind: 'commonjs', resolution: NODE_NEXT }],
    usualForm: { kind: 'commonjs', resolution: NODE_NEXT },
  },
  {
    name: 'Nest 12 with TypeScript 6',
    packages: [
      '@nestjs/common@12',
      '@nestjs/config@12',
      '@nestjs/core@12',
      '@nestjs/platform-express@12',
      '@nestjs/platform-fastify@12',
      '@nestjs/schedule@12',
    ],
    health: ['@nestjs/terminus@12', '@opentelemetry/api@1'],
    // The compiler reads no types but those of the application, so that the one of this repository serves.
    compilerOf: () => createRequire(import.meta.url).resolve('typescript/bin/tsc'),
    forms: [ES_MODULE, { kind: 'commonjs', resolution: { module: 'CommonJS', moduleResolution: 'Bundler' } }],
    usualForm: ES_MODULE,
  },
];
