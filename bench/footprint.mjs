// What the package weighs and what importing its root entry costs. Fails when the size is over its budget; the time of
// an import says more about the machine, so that it is only told.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { quantile } from './support/statistics.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const ENTRY = 'nestjs-aliyun-managed-credentials';
const IMPORTS = 5;

/** In bytes: a quarter more than the package weighed when the limits were set (579 and 2128 kB). */
const BUDGET = { packed: 720_000, unpacked: 2_660_000 };

const run = (command, args) => execFileSync(command, args, { cwd: ROOT, encoding: 'utf8' });

/** Runs a script as an ES module in a process of its own. */
const evaluate = (script) => run(process.execPath, ['--input-type=module', '--eval', script]);

function importTimeMs() {
  return Number(
    evaluate(`
      const startedAt = performance.now();
      await import('${ENTRY}');
      process.stdout.write(String(performance.now() - startedAt));
    `),
  );
}

/** The files that an import of the root entry loads. */
function modulesLoaded() {
  const hooks = `
    import { writeSync } from 'node:fs';
    export async function load(url, context, next) {
      const loaded = await next(url, context);
      if (loaded.format === 'module') writeSync(1, url + '\\n');
      return loaded;
    }
  `;
  const printed = evaluate(`
    import { createRequire, register } from 'node:module';
    register('data:text/javascript,' + ${JSON.stringify(encodeURIComponent(hooks))});
    await import('${ENTRY}');
    const commonJs = Object.keys(createRequire(process.cwd() + '/x.js').cache);
    process.stdout.write(commonJs.join('\\n'));
  `);
  return [...new Set(printed.split('\n').filter((line) => line !== ''))];
}

const [{ size, unpackedSize, entryCount }] = JSON.parse(
  run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts']),
);
const times = Array.from({ length: IMPORTS }, importTimeMs);
const modules = modulesLoaded();
const own = modules.filter((file) => !file.includes('/node_modules/'));

const kilobytes = (bytes) => `${Math.round(bytes / 1000)} kB`;
console.log(
  `Packed ${kilobytes(size)} (at most ${kilobytes(BUDGET.packed)}), ` +
    `unpacked ${kilobytes(unpackedSize)} (at most ${kilobytes(BUDGET.unpacked)}), ${entryCount} files.`,
);
console.log(
  `Importing the root entry takes ${quantile(times, 0.5).toFixed(0)} ms (median of ${IMPORTS}) ` +
    `and loads ${modules.length} modules, ${own.length} of them of this package.`,
);

if (size > BUDGET.packed || unpackedSize > BUDGET.unpacked) {
  console.error('The package is over its budget: see what `npm pack --dry-run` lists.');
  process.exitCode = 1;
}
