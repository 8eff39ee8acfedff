import { aws } from './aws.ts';
import { consolePages } from './console.ts';
import { datasette } from './datasette.ts';
import { endToEnd } from './end-to-end.ts';
import { exporting } from './export.ts';
import { lake } from './lake/seal.ts';
import { lakeSql } from './lake/sql.ts';
import { ledger } from './ledger.ts';
import { pacing } from './pacing.ts';
import { questions } from './questions.ts';
import { record } from './record.ts';
import { search } from './search.ts';
import { serving } from './serving.ts';
import { size } from './size.ts';
import { sql } from './sql.ts';
import { stats } from './stats.ts';
import type { Benchmark } from './support/benchmark.ts';
import { unchanged } from './unchanged.ts';
import { undisturbed } from './undisturbed.ts';
import { verify } from './verify.ts';

/** All benchmarks, in the order in which they run. */
export const BENCHMARKS: readonly Benchmark[] = [
  record,
  unchanged,
  endToEnd,
  size,
  pacing,
  ledger,
  questions,
  serving,
  datasette,
  undisturbed,
  exporting,
  search,
  stats,
  sql,
  aws,
  verify,
  lake,
  lakeSql,
  consolePages,
];
