import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';

const FOLDER = new URL('../results/', import.meta.url);

/** The results that were kept under a name, or undefined. */
export function readResults(name) {
  const file = new URL(`${name}.json`, FOLDER);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

/** Keeps results under a name. */
export function writeResults(name, results) {
  writeText(`${name}.json`, `${JSON.stringify(results, undefined, 2)}\n`);
}

/** Keeps a file among the results. */
export function writeText(fileName, text) {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(new URL(fileName, FOLDER), text);
}
