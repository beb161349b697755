/** What the live line shows. */
export interface Figures {
  readonly seconds: number;
  readonly calls: number;
  readonly failed: number;
  readonly rotations: number;
  /** Absent when the cloud does not tell. */
  readonly kmsCalls: number | undefined;
  /** Masked. */
  readonly key: string;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

type Color = (text: string, code: number) => string;

const GREEN = 32;
const RED = 31;
const GAP = '  ';

/** The figures in one line that is no wider than a terminal: what matters least is left out first. */
export function liveLine(figures: Figures, columns: number, color: Color): string {
  const { seconds, calls, failed, rotations, kmsCalls, key, p50Ms, p99Ms } = figures;
  // The lower the rank, the sooner a part is left out.
  const parts = [
    { rank: 5, text: `${String(seconds).padStart(3)} s` },
    { rank: 6, text: `${calls.toLocaleString('en')} calls` },
    { rank: 7, text: `${failed.toLocaleString('en')} failed`, code: failed === 0 ? GREEN : RED },
    { rank: 4, text: `${rotations} rotations` },
    ...(kmsCalls === undefined ? [] : [{ rank: 3, text: `${kmsCalls} KMS calls` }]),
    { rank: 1, text: `key ${key}` },
    { rank: 2, text: `p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms` },
  ];
  const shown = [...parts];
  for (const part of parts.toSorted((a, b) => a.rank - b.rank)) {
    if (shown.map(({ text }) => text).join(GAP).length < columns) break;
    shown.splice(shown.indexOf(part), 1);
  }
  return shown.map(({ text, code }) => (code === undefined ? text : color(text, code))).join(GAP);
}
