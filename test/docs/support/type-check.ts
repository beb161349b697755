import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

import ts from 'typescript';

import { ROOT, type CodeBlock } from './markdown.js';
import { moduleOf } from './snippet.js';

/**
 * Checks the types of all examples in one program, with the library's own types.
 *
 * @returns by page and line, what is wrong
 */
export function typeErrorsOf(blocks: readonly CodeBlock[]): string[] {
  const { program, fileOf } = createProgram(blocks);
  return blocks.flatMap((block) => {
    const file = program.getSourceFile(fileOf(block));
    if (file === undefined) return [`${block.page}:${block.line}: was not read`];
    const diagnostics = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    return diagnostics.map(({ start = 0, messageText }) => {
      // The first line of the module is that of the fence.
      const line = block.line + file.getLineAndCharacterOfPosition(start).line;
      return `${block.page}:${line}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
    });
  });
}

function createProgram(blocks: readonly CodeBlock[]) {
  const { options } = readOptions();
  const fileOf = ({ page, line }: CodeBlock) =>
    join(ROOT, `test/docs/${page.replaceAll(/[/.]/g, '_')}_${line}.ts`);
  const texts = new Map(blocks.map((block) => [fileOf(block), moduleOf(block)]));
  const host = ts.createCompilerHost(options);
  const getSourceFile = host.getSourceFile.bind(host);
  host.fileExists = (path) => texts.has(path) || ts.sys.fileExists(path);
  host.readFile = (path) => texts.get(path) ?? ts.sys.readFile(path);
  host.getSourceFile = (path, target, onError, isNew) => {
    const text = texts.get(path);
    return text === undefined
      ? getSourceFile(path, target, onError, isNew)
      : ts.createSourceFile(path, text, target, true);
  };
  return { program: ts.createProgram([...texts.keys(), ...sdkTypes()], options, host), fileOf };
}

/** What the recipes declare about SDKs that bring no types. */
function sdkTypes(): string[] {
  const folder = join(ROOT, 'sample/recipes/types');
  return readdirSync(folder).map((file) => join(folder, file));
}

function readOptions(): { options: ts.CompilerOptions } {
  const path = join(ROOT, 'tsconfig.json');
  const { config } = ts.readConfigFile(path, (file) => ts.sys.readFile(file)) as { config: object };
  const more = { noEmit: true, noUnusedLocals: false, noUnusedParameters: false, declaration: false };
  return ts.parseJsonConfigFileContent({ ...config, files: [], include: [] }, ts.sys, dirname(path), more);
}
