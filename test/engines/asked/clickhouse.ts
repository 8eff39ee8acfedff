import { z } from 'zod';
import { CHDB } from '../../deploy/tools.mjs';
import { missing, runPython } from '../python.ts';
import type { EngineToAsk } from './engine-to-ask.ts';
import { printedDdl } from './printed-ddl.ts';

const Answers = z.object({ answers: z.array(z.array(z.array(z.unknown()))) });

/** ClickHouse, as the Python package chdb brings it. */
export const CLICKHOUSE: EngineToAsk = {
  title: 'ClickHouse',
  folder: `it's \`b\` \\ %41 $HOME env=x ;-- é\u{1f680} #&[a]`,
  missing: missing(CHDB),
  async ask(lake, questions, { test }) {
    const task = { ddl: printedDdl('clickhouse', lake), questions };
    return Answers.parse(await runPython(test, 'clickhouse.py', CHDB.path, task)).answers;
  },
};
