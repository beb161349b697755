/** One series at one moment. */
export interface Sample {
  /** With the name of the metric as `__name__`. */
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Reads what a process answers when Prometheus scrapes it. */
export function samplesOf(exposition: string): readonly Sample[] {
  return exposition
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, name = '', labels = '', value = ''] = /^(\w+)(?:\{(.*)\})? (\S+)/.exec(line) ?? [];
      const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)];
      return {
        labels: {
          __name__: name,
          ...Object.fromEntries(pairs.map(([, label = '', text = '']) => [label, text])),
        },
        value: Number(value),
      };
    });
}
