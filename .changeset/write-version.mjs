// Copies the version of package.json into the constant that the user agent tells.
import { readFileSync, writeFileSync } from 'node:fs';

const manifest = new URL('../package.json', import.meta.url);
const constant = new URL('../lib/version.ts', import.meta.url);

const { version } = JSON.parse(readFileSync(manifest, 'utf8'));
const source = readFileSync(constant, 'utf8');
const written = source.replace(/(?<=VERSION = ')[^']+(?=')/, version);
if (!written.includes(`VERSION = '${version}'`)) throw new Error('lib/version.ts has no constant VERSION.');
writeFileSync(constant, written);
