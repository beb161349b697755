// Runs the built samples that end by themselves, one after the other.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const built = (name) => fileURLToPath(new URL(`../dist-sample/${name}/main.js`, import.meta.url));
const samples = readdirSync(new URL('.', import.meta.url))
  // The quickstart runs until it is stopped; it is the demo.
  .filter((name) => /^\d\d-/.test(name) && name !== '01-quickstart')
  .filter((name) => existsSync(built(name)));

for (const name of samples) {
  console.log(`\n${name}`);
  const { status } = spawnSync(process.execPath, [built(name)], { stdio: 'inherit', timeout: 60_000 });
  if (status !== 0) {
    console.error(`${name} has ended with ${status ?? 'a signal'}.`);
    process.exitCode = 1;
  }
}
