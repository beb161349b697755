import { settle } from '../support/virtual-clock.js';
import type { Race } from './race.js';
import { versionOf } from './race-world.js';

const MINUTE = 60_000;

/** What must hold at the end of every race; throws what does not. */
export async function holdRules(race: Race): Promise<void> {
  await finishCalls(race);
  assertNoComplaints(race);
  if (!race.isClosed) await assertHeals(race);
  await assertClosed(race);
  assertNoComplaints(race);
}

function fail(complaint: string): never {
  throw new Error(complaint);
}

/** Every call and refresh ends by itself, if only requests are answered and time passes. */
async function finishCalls(race: Race): Promise<void> {
  const isOver = () => race.calls.every(({ isSettled }) => isSettled) && race.pendingRefreshes === 0;
  await race.idle();
  for (let passes = 0; !isOver() && passes < 40; passes++) {
    await race.clock.advance(500);
    await race.idle();
  }
  const lost = race.calls.filter(({ isSettled }) => !isSettled).map(({ name }) => name);
  if (lost.length > 0) fail(`never ended: ${lost.join(', ')}`);
  if (race.pendingRefreshes > 0) fail('a refresh never ended');
}

function assertNoComplaints(race: Race): void {
  const complaints = race.calls.flatMap((call) => call.complaints.map((text) => `${call.name} ${text}`));
  if (complaints.length > 0) fail(complaints.join('\n'));
  if (race.world.mostFetches > 1) fail('two fetches of one secret at the same time');
  const elapsedMs = race.clock.monotonic();
  const expiries = race.events.filter(({ type }) => type === 'keyExpired').length;
  const most = 2 + race.manualRefreshes + 2 * race.calls.length + 2 * expiries + elapsedMs / 100;
  if (race.world.fetches > most) fail(`${race.world.fetches} fetches in ${elapsedMs} ms`);
}

/** Whatever went before: once KMS and the cloud are well, calls succeed within minutes, and the key is fresh. */
async function assertHeals(race: Race): Promise<void> {
  const { world, secret } = race;
  race.log('* all is well again');
  world.heal();
  const attempt = async () => {
    const call = race.call({ kind: 'plain', fault: 'none' });
    await finishCalls(race);
    return call;
  };
  await attempt();
  for (let passedMs = 0; passedMs < 6 * MINUTE; passedMs += MINUTE) {
    await race.clock.advance(MINUTE);
    await race.idle();
  }
  const call = await attempt();
  if (call.error !== undefined) fail(`${call.name} fails minutes after all is well again`);
  if (secret.state !== 'fresh') fail(`the secret is ${secret.state} minutes after all is well again`);
  const { current } = secret;
  if (current === undefined || versionOf(current) !== world.newest) fail('an old key serves');
  await race.clock.advance(10 * MINUTE);
  await race.idle();
  const { fetches } = world;
  await race.clock.advance(10 * MINUTE);
  await race.idle();
  if (world.fetches > fetches) fail('KMS is asked although all is well');
}

/** After close nothing serves and nothing is left. */
async function assertClosed(race: Race): Promise<void> {
  const { world, clock, inFlight } = race;
  const late = race.isClosed ? [] : [race.call({ kind: 'plain', fault: 'none' })];
  race.log('* close');
  race.close();
  if (!(await race.refusesUse())) fail('serves after close');
  await settle();
  if (clock.pending > 0) fail(`${clock.pending} timers are left after close`);
  const { fetches } = world;
  await race.idle();
  await clock.advance(MINUTE);
  if (late.some(({ isSettled }) => !isSettled)) fail('a call never ended after close');
  if (world.fetches > fetches) fail('KMS is asked after close');
  if (clock.pending > 0) fail('timers are set after close');
  await inFlight.idle(0);
}
