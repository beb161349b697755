import * as fetch from '../fetch.mjs';
import * as idle from '../idle.mjs';
import * as lag from '../lag.mjs';
import * as memory from '../memory.mjs';
import * as overhead from '../overhead.mjs';
import * as startup from '../startup.mjs';
import * as storm from '../storm.mjs';

/** All benchmarks by name: `title`, `about`, `measure(size)` and `rows(results)`, the table. */
export const BENCHMARKS = { overhead, storm, lag, startup, memory, idle, fetch };
