import { count, latency, show } from './format.js';

/** The figures since the start. */
export function showTiles(now, point, about) {
  show('calls', count(now.calls));
  show('calls-more', `${count(point?.callsPerSecond ?? 0)}/s, ${now.inFlight} in flight`);
  show('failed', count(now.failed));
  show(
    'failed-more',
    now.failed === 0 ? 'every call has succeeded' : `${percent(now.failed, now.calls)} of all calls`,
  );
  const tile = document.getElementById('failed-tile');
  if (tile) tile.dataset.tone = now.failed === 0 ? 'good' : 'bad';
  show('rotations', count(now.rotations));
  show('rotations-more', rhythm(now, about));
  show('kms-calls', count(now.kmsCalls));
  show('kms-calls-more', now.kmsFailures === 0 ? 'all were answered' : `${count(now.kmsFailures)} failed`);
  show('p50', latency(now.p50Ms));
  show('p99', latency(now.p99Ms));
}

function rhythm({ isAutomatic, kmsFault }, { isEmulated, rotationEveryMs }) {
  if (!isEmulated) return 'keys that were replaced';
  if (kmsFault !== undefined) return 'none while KMS is broken';
  return isAutomatic ? `one every ${rotationEveryMs / 1000} seconds` : 'only by the buttons';
}

function percent(part, whole) {
  const share = (100 * part) / Math.max(1, whole);
  return share < 0.1 ? 'less than 0.1 %' : `${share.toFixed(1)} %`;
}
