import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { keepNamedOutputs } from '../../src/archive/prune/named-outputs.ts';
import { openExistingArchive } from '../../src/db/open.ts';
import { loadDuckDb } from '../../src/lake/parquet/load-duckdb.ts';
import { sealDay } from '../../src/lake/seal/seal-day.ts';
import type { SealStep } from '../../src/lake/seal/seal-deps.ts';
import { openFolderStore } from '../../src/lake/store/folder-store.ts';
import { answerParent, readInput } from '../support/answer-parent.ts';

// Seals the days that it is asked for, and says how long each part took.
const { path, lake, folder } = readInput(z.object({ path: z.string(), lake: z.string(), folder: z.string() }));
const db = openExistingArchive(path);
const { sqlite } = db;
const named = keepNamedOutputs(sqlite);
mkdirSync(join(folder, 'stage'), { recursive: true });
const duckDb = await loadDuckDb();
const PARTS: Readonly<Record<SealStep['step'], string>> = {
  ...{ staged: 'write', checked: 'check', intended: 'put', put: 'put', committed: 'put', removed: 'remove' },
  ...{ proved: 'put', back: 'remove', buried: 'remove', pruned: 'remove', gone: 'remove', forgotten: 'remove' },
};

answerParent(async (request) => {
  const day = z.string().parse(request);
  const parts: Record<string, number> = { write: 0, check: 0, put: 0, remove: 0 };
  const begin = performance.now();
  let last = begin;
  const sealed = await sealDay(
    {
      ...{
        sqlite,
        duckDb,
        store: openFolderStore(lake),
        folder: join(folder, 'stage'),
        settlingMs: 0,
        sealAfterMs: 35 * 86_400_000,
      },
      now: () => new Date(),
      renew: () => {},
      origins: () => ['ssm-archive/0000000000000000'],
      ...named,
      onStep({ step }) {
        const now = performance.now();
        parts[PARTS[step]] = (parts[PARTS[step]] ?? 0) + (now - last) / 1000;
        last = now;
      },
    },
    day,
  );
  if (!sealed) throw new Error(`${day} has no rows.`);
  return {
    ...{ seconds: (performance.now() - begin) / 1000, parts, invocations: sealed.invocations },
    rows: sealed.objects.reduce((sum, { rows }) => sum + rows, 0),
    bytes: sealed.objects.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
  };
}, db.close);
