import { z } from 'zod';
import { PYSPARK } from '../../deploy/tools.mjs';
import { findJava } from '../find-java.ts';
import { missing, runPython } from '../python.ts';
import type { EngineToAsk } from './engine-to-ask.ts';
import { printedDdl, statementsOf } from './printed-ddl.ts';

const WORKERS = 2;
const LEAST_JAVA = 17;
const Answers = z.object({
  /** As many as there are workers, each of which is a process of its own. */
  executors: z.literal(WORKERS),
  answers: z.array(z.array(z.array(z.unknown()))),
});

/**
 * Spark with two workers of their own processes. With ENGINES=1 it runs as it is set up by default, with a catalog of
 * Hive; else with a catalog in memory, and without its compilers, which takes half of the time.
 */
export const SPARK: EngineToAsk = {
  title: 'Spark',
  folder: `it's "q" \`b\` \\ %41 $\{env:HOME} env=x ;-- é\u{1f680} #&[a]*?{b}`,
  missing: missing(PYSPARK) ?? withoutJava(),
  async ask(lake, questions, { folder, test }) {
    const statements = statementsOf(printedDdl('spark', lake));
    const task = { statements, questions, folder, isBrief: !process.env.ENGINES };
    const printed = await runPython(test, 'spark.py', PYSPARK.path, task);
    return Answers.parse(printed).answers;
  },
};

function withoutJava(): string | undefined {
  return findJava(LEAST_JAVA) === 'java' ? undefined : `(needs Java ${LEAST_JAVA} or later on PATH)`;
}
