import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import ts from 'typescript';

import { ROOT, type CodeBlock } from './markdown.js';

/** What examples may use without importing it: the reader finds the imports in the first example of each page. */
const IMPORTS: Readonly<Record<string, readonly string[]>> = {
  'nestjs-aliyun-managed-credentials': exportsOf('lib/index.ts'),
  'nestjs-aliyun-managed-credentials/openapi': exportsOf('lib/clients/openapi/index.ts'),
  'nestjs-aliyun-managed-credentials/terminus': exportsOf('lib/health/index.ts'),
  'nestjs-aliyun-managed-credentials/opentelemetry': exportsOf('lib/telemetry/index.ts'),
  'nestjs-aliyun-managed-credentials/testing': exportsOf('lib/testing/index.ts'),
  '@nestjs/common': ['Inject', 'Injectable', 'Logger', 'Module', 'Controller', 'Get'],
  '@nestjs/config': ['ConfigModule', 'ConfigService'],
  '@jest/globals': ['afterAll', 'beforeAll', 'expect', 'it'],
  '@nestjs/testing': ['Test', 'TestingModule'],
  'node:fs': ['readFileSync', 'createReadStream'],
  'node:fs/promises': ['readFile'],
};

/** An example as a module of its own: with the imports that it leaves out, and what its reader is taken to have. */
export function moduleOf({ code, given }: CodeBlock): string {
  const text = `${given}\n${code}`;
  const { used, declared } = namesIn(text);
  const imports = Object.entries(IMPORTS).flatMap(([from, names]) => {
    const missing = names.filter((name) => used.has(name) && !declared.has(name));
    return missing.length === 0 ? [] : [`import { ${missing.join(', ')} } from '${from}';`];
  });
  // On one line with what is given, so that the lines of the example are off by a known number.
  return `${imports.join(' ')} ${given.replaceAll('\n', ' ')} export {};\n${code}`;
}

/** The names that a text uses, and those that it declares or imports itself. */
function namesIn(text: string): { used: Set<string>; declared: Set<string> } {
  const used = new Set<string>();
  const declared = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) {
      const { parent } = node;
      // A property of the same name declares nothing.
      const declares =
        ts.isClassDeclaration(parent) ||
        ts.isFunctionDeclaration(parent) ||
        ts.isVariableDeclaration(parent) ||
        ts.isInterfaceDeclaration(parent) ||
        ts.isParameter(parent) ||
        ts.isImportClause(parent) ||
        ts.isImportSpecifier(parent);
      (declares && parent.name === node ? declared : used).add(node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('text.ts', text, ts.ScriptTarget.ES2022, true));
  return { used, declared };
}

/** The names that an entry of the library exports by name. */
function exportsOf(path: string): string[] {
  const source = ts.createSourceFile(path, readFileSync(join(ROOT, path), 'utf8'), ts.ScriptTarget.ES2022);
  return source.statements.flatMap((statement) =>
    ts.isExportDeclaration(statement) &&
    statement.exportClause !== undefined &&
    ts.isNamedExports(statement.exportClause)
      ? statement.exportClause.elements.map(({ name }) => name.text)
      : [],
  );
}
