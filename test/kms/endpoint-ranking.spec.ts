import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { EndpointRanking } from '../../lib/kms/endpoint-ranking.js';
import { ConnectableEndpoint } from '../support/connectable-endpoint.js';
import { until } from '../support/poll.js';
import { placeHosts } from '../support/slow-lookup.js';
import { VirtualClock } from '../support/virtual-clock.js';

/** Longer than any test may take. */
const FOREVER_MS = 60_000;

let clock: VirtualClock;
let rankings: EndpointRanking[];
let endpoints: ConnectableEndpoint[];
beforeEach(() => {
  clock = new VirtualClock();
  [rankings, endpoints] = [[], []];
});
afterEach(async () => {
  for (const ranking of rankings) ranking.close();
  await Promise.all(endpoints.map((endpoint) => endpoint.stop()));
  jest.restoreAllMocks();
});

/**
 * Hosts in the order of the configuration, at these distances in milliseconds, which differ by more than the noise of a
 * busy machine; those at `down` refuse connections.
 */
async function rank(distances: Readonly<Record<string, number | 'down'>>, firstOrderMs = FOREVER_MS) {
  const hosts = Object.entries(distances);
  const measurements = placeHosts(
    Object.fromEntries(hosts.map(([name, at]) => [name, at === 'down' ? 0 : at])),
  );
  endpoints = hosts.map(([name]) => new ConnectableEndpoint(name));
  for (const [index, endpoint] of endpoints.entries()) {
    await endpoint.start();
    if (hosts[index]?.[1] === 'down') await endpoint.stop();
  }
  const ranking = new EndpointRanking(endpoints, firstOrderMs, clock);
  rankings.push(ranking);
  const order = async () => {
    let labels: readonly string[] | undefined;
    void ranking.order().then((ordered) => (labels = ordered.map(({ label }) => label)));
    await until(() => labels !== undefined, 'an order', 3000);
    return labels;
  };
  const named = (name: string) => {
    const endpoint = endpoints.find(({ label }) => label === name);
    if (endpoint === undefined) throw new Error(`no endpoint ${name}`);
    return endpoint;
  };
  /** Reports that an endpoint failed, and waits for the measurement that follows. */
  const fail = async (name: string) => {
    const before = named(name).connections;
    ranking.onTrouble(named(name));
    await until(() => named(name).connections > before && named(name).open === 0, 'measured');
  };
  return { ranking, order, named, fail, measurements };
}

describe('the first order of endpoints', () => {
  it('has the nearest first', async () => {
    const { order, named } = await rank({ far: 160, middle: 80, near: 0 });
    await order();
    await until(() => named('far').connections > 0 && named('far').open === 0, 'all are measured');
    expect(await order()).toEqual(['near', 'middle', 'far']);
  });

  it('has those last that refuse connections', async () => {
    const { order } = await rank({ down: 'down', near: 0 });
    expect(await order()).toEqual(['near', 'down']);
  });

  it('does not wait for those that are much further than the nearest', async () => {
    const { order } = await rank({ silent: Infinity, near: 0 });
    expect(await order()).toEqual(['near', 'silent']);
  });

  it('is that of the configuration when none is reached in time', async () => {
    const { order } = await rank({ silent: Infinity, mute: Infinity }, 30);
    expect(await order()).toEqual(['silent', 'mute']);
  });

  it('is that of the configuration, at once, when all are out of reach', async () => {
    const { order } = await rank({ down: 'down', out: 'down' });
    expect(await order()).toEqual(['down', 'out']);
  });

  it('takes one connection to each, that is closed at once, for any number of orders', async () => {
    const { order, named } = await rank({ near: 0, far: 5 });
    await Promise.all([order(), order(), order()]);
    await order();
    await until(() => named('near').open + named('far').open === 0, 'connections are closed');
    expect([named('near').connections, named('far').connections]).toEqual([1, 1]);
  });

  it('takes no connection when there is no choice', async () => {
    const { ranking, order, named, measurements } = await rank({ only: 0 });
    await order();
    ranking.onTrouble(named('only'));
    expect(await order()).toEqual(['only']);
    expect(measurements('only')).toBe(0);
  });

  it('waits for no measurement once the ranking is closed', async () => {
    const { ranking, order } = await rank({ silent: Infinity, mute: Infinity });
    const ordering = order();
    ranking.close();
    expect(await ordering).toEqual(['silent', 'mute']);
  });
});

describe('an endpoint that failed', () => {
  it('is behind the others for 30 s, and for longer with each further failure, up to 10 min', async () => {
    const { order, fail } = await rank({ near: 0, far: 200 });
    expect(await order()).toEqual(['near', 'far']);
    for (const seconds of [30, 60, 120, 240, 480, 600, 600]) {
      await fail('near');
      await clock.advance(seconds * 1000 - 1);
      expect(await order()).toEqual(['far', 'near']);
      await clock.advance(1);
      expect(await order()).toEqual(['near', 'far']);
    }
  });

  it('counts once when many fetches meet it at the same time, from the last of them', async () => {
    const { order, fail } = await rank({ near: 0, far: 200 });
    await order();
    for (let fetch = 0; fetch < 5; fetch++) await fail('near');
    await clock.advance(29_999);
    await fail('near');
    await clock.advance(29_999);
    expect(await order()).toEqual(['far', 'near']);
    await clock.advance(1);
    expect(await order()).toEqual(['near', 'far']);
  });

  it('has its place again as soon as it answers, and all is forgotten', async () => {
    const { ranking, order, named, fail } = await rank({ near: 0, far: 200 });
    await order();
    await fail('near');
    await clock.advance(30_000);
    await fail('near');
    ranking.onAnswer(named('near'));
    expect(await order()).toEqual(['near', 'far']);
    await fail('near');
    await clock.advance(30_000);
    expect(await order()).toEqual(['near', 'far']);
  });

  it('is last, for as long as it is down, when its failure was that it went down', async () => {
    const { ranking, order, named } = await rank({ near: 0, far: 30 });
    await order();
    await named('near').stop();
    ranking.onTrouble(named('near'));
    await clock.advance(30_000);
    await until(async () => (await order())?.[0] === 'far', 'it is known to be down');
    await named('near').start();
    expect(await order()).toEqual(['far', 'near']);
  });

  it('is ordered by its distance among others that failed', async () => {
    const { order, fail } = await rank({ far: 120, near: 0, middle: 30 });
    await order();
    for (const name of ['far', 'near']) await fail(name);
    expect(await order()).toEqual(['middle', 'near', 'far']);
  });
});

describe('an endpoint out of reach', () => {
  it('is measured again after a minute, and has its place when it is back', async () => {
    const { order, named, measurements } = await rank({ far: 100, near: 'down' });
    await clock.advance(1000);
    expect(await order()).toEqual(['far', 'near']);
    await named('near').start();
    await clock.advance(60_000);
    expect(await order()).toEqual(['far', 'near']);
    expect(measurements('near')).toBe(1);
    await clock.advance(1);
    await until(async () => (await order())?.[0] === 'near', 'it is found again');
    expect([measurements('near'), measurements('far')]).toEqual([2, 1]);
  });
});
