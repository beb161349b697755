import * as overhead from '../overhead.mjs';

/** All benchmarks by name: `title`, `about`, `measure(size)` and `rows(results)`, the table. */
export const BENCHMARKS = { overhead };
