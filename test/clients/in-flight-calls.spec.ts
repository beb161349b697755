import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { InFlightCalls } from '../../lib/clients/in-flight-calls.js';
import { settle } from '../support/virtual-clock.js';

describe('the wait for calls that are under way', () => {
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['setImmediate'] });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('is over at once when there are none', async () => {
    const calls = new InFlightCalls();
    calls.begin();
    calls.end();
    await calls.idle(30_000);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('is over when the last of them has ended, and leaves no timer', async () => {
    const calls = new InFlightCalls();
    calls.begin();
    calls.begin();
    let isOver = false;
    const idle = calls.idle(30_000).finally(() => {
      isOver = true;
    });
    calls.end();
    await settle();
    expect(isOver).toBe(false);
    calls.end();
    await settle();
    expect(isOver).toBe(true);
    expect(jest.getTimerCount()).toBe(0);
    await idle;
  });

  it('is over after its time although a call hangs', async () => {
    const calls = new InFlightCalls();
    calls.begin();
    const idle = calls.idle(5000);
    jest.advanceTimersByTime(5000);
    await expect(idle).resolves.toBeUndefined();
    expect(() => calls.end()).not.toThrow();
  });
});
