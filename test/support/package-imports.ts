import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';

import ts from 'typescript';

/** The packages that the sources in a folder import, types included. */
export function importedPackages(folder: string): readonly string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => ts.preProcessFile(readFileSync(join(folder, file), 'utf8')).importedFiles)
    .map(({ fileName }) => fileName)
    .filter((name) => !name.startsWith('.') && !name.startsWith('node:') && !builtinModules.includes(name))
    .map((name) => /^(?:@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name);
  return [...new Set(names)];
}

/** What the compiler of a user reads when ES modules import some declaration files. */
export class DeclarationReader {
  private readonly program: ts.Program;

  /** @param previous one that has read some of the files already */
  constructor(declarations: readonly string[], previous?: DeclarationReader) {
    const options: ts.CompilerOptions = {
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      target: ts.ScriptTarget.ES2022,
      strict: true,
      noEmit: true,
      types: ['node'],
    };
    this.program = ts.createProgram(declarations, options, undefined, previous?.program);
  }

  /** The packages that it reads. */
  packages(): readonly string[] {
    const names = this.program
      .getSourceFiles()
      .flatMap(({ fileName }) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(fileName)?.[1] ?? []);
    return [...new Set(names)];
  }

  /** What it finds wrong outside of node_modules when it is told to check libraries too. */
  problems(): readonly string[] {
    return this.program
      .getSourceFiles()
      .filter(({ fileName }) => !fileName.includes('/node_modules/'))
      .flatMap((file) => [
        ...this.program.getSyntacticDiagnostics(file),
        ...this.program.getSemanticDiagnostics(file),
      ])
      .map(
        ({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
      );
  }
}
