const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/**
 * What happens to a fleet. Instants are milliseconds since the start of the simulation.
 *
 * - `startWithinMs`: the instances start at random moments of this time
 * - `watchFrom`: figures are taken from here on; the zero of all results
 * - `rotateAt`: a new version of the key is there
 * - `callEveryMs`: how often each instance calls the API, beside one call of all at `watchFrom` if `callAtOnce`
 * - `happenings`: pairs of an instant and what happens to the cloud
 * - `endAt`: the end; with `endWhenDone` earlier, once all instances have the new key
 */
export const SCENARIOS = {
  day: {
    title: 'A day with one planned rotation',
    description:
      'Instances start within 10 minutes. After 12 hours KMS rotates the secret, as it has announced; the old key is good for another hour.',
    startWithinMs: 10 * MINUTE,
    watchFrom: 10 * MINUTE,
    rotateAt: 12 * HOUR,
    callEveryMs: HOUR,
    endAt: 24 * HOUR,
    prepare: (cloud, time) => cloud.announce(time.now() + 12 * HOUR),
    happenings: [
      [12 * HOUR, (cloud, time) => cloud.rotate({ nextRotationAt: time.now() + 24 * HOUR })],
      [13 * HOUR, (cloud) => cloud.revokeOldKeys()],
    ],
  },
  emergency: {
    title: 'An emergency rotation seen by all at once',
    description:
      'The old key is refused at once, and every instance makes a call at that very moment, then one every 5 seconds.',
    startWithinMs: MINUTE,
    watchFrom: 2 * MINUTE,
    rotateAt: 2 * MINUTE,
    callEveryMs: 5 * SECOND,
    callAtOnce: true,
    endAt: 22 * MINUTE,
    endWhenDone: true,
    happenings: [[2 * MINUTE, (cloud) => cloud.rotate().revokeOldKeys()]],
  },
  lag: {
    title: 'The same, with KMS 4 seconds behind',
    description: 'For 4 seconds KMS goes on answering the old version.',
    startWithinMs: MINUTE,
    watchFrom: 2 * MINUTE,
    rotateAt: 2 * MINUTE,
    callEveryMs: 5 * SECOND,
    callAtOnce: true,
    endAt: 22 * MINUTE,
    endWhenDone: true,
    happenings: [[2 * MINUTE, (cloud) => cloud.rotate({ kmsLagMs: 4 * SECOND }).revokeOldKeys()]],
  },
  outage: {
    title: 'KMS down for 10 minutes, over a planned rotation',
    description:
      'KMS fails from 5 to 15 minutes after an announced rotation, which is when the refreshes fall due; the old key is good for an hour.',
    startWithinMs: 10 * MINUTE,
    watchFrom: 3 * HOUR + 5 * MINUTE,
    rotateAt: 3 * HOUR,
    callEveryMs: 2 * MINUTE,
    endAt: 4 * HOUR + 10 * MINUTE,
    endWhenDone: true,
    kmsBackAt: 3 * HOUR + 15 * MINUTE,
    prepare: (cloud, time) => cloud.announce(time.now() + 3 * HOUR),
    happenings: [
      [3 * HOUR, (cloud, time) => cloud.rotate({ nextRotationAt: time.now() + 24 * HOUR })],
      [3 * HOUR + 5 * MINUTE, (cloud) => cloud.setKmsDown(true)],
      [3 * HOUR + 15 * MINUTE, (cloud) => cloud.setKmsDown(false)],
      [4 * HOUR, (cloud) => cloud.revokeOldKeys()],
    ],
  },
  blackout: {
    title: 'KMS down for 10 minutes, with an emergency rotation inside',
    description:
      'The old key is refused 5 minutes before KMS answers again, so no call can succeed for 5 minutes.',
    startWithinMs: MINUTE,
    watchFrom: 2 * MINUTE,
    rotateAt: 7 * MINUTE,
    callEveryMs: 20 * SECOND,
    endAt: 42 * MINUTE,
    endWhenDone: true,
    kmsBackAt: 12 * MINUTE,
    happenings: [
      [2 * MINUTE, (cloud) => cloud.setKmsDown(true)],
      [7 * MINUTE, (cloud) => cloud.rotate().revokeOldKeys()],
      [12 * MINUTE, (cloud) => cloud.setKmsDown(false)],
    ],
  },
};
