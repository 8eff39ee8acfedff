import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { keepNamedOutputs } from '../../src/archive/prune/named-outputs.ts';
import { openExistingArchive } from '../../src/db/open.ts';
import { type SealedRun, sealInOrder } from '../../src/lake/seal/seal-days.ts';
import type { SealStep } from '../../src/lake/seal/seal-deps.ts';
import { startStager } from '../../src/lake/stager/start-stager.ts';
import { openFolderStore } from '../../src/lake/store/folder-store.ts';
import { lowerPriority } from '../../src/lib/child/lower-priority.ts';
import { DAY_MS } from '../../src/lib/time.ts';
import { answerParent, readInput } from '../support/answer-parent.ts';
import { peakRss } from '../support/peak-rss.ts';

// Seals the days that it is asked for as a seal does, with another process that writes files, and says how long each
// part took. Parts of two days overlap, so that their sum is more than the whole.
const { path, lake, folder, stager } = readInput(
  z.object({ path: z.string(), lake: z.string(), folder: z.string(), stager: z.string() }),
);
lowerPriority();
const db = openExistingArchive(path);
const { sqlite } = db;
const named = keepNamedOutputs(sqlite);
mkdirSync(join(folder, 'stage'), { recursive: true });
const { stage, close } = await startStager({ path: stager, execArgv: [] });
const PARTS: Readonly<Record<SealStep['step'], string>> = {
  ...{ staged: 'write', checked: 'check', intended: 'put', put: 'put', committed: 'put', removed: 'remove' },
  ...{ proved: 'put', back: 'remove', buried: 'remove', pruned: 'remove', gone: 'remove', forgotten: 'remove' },
};

answerParent(
  async (request) => {
    const days = z.array(z.string()).parse(request);
    const parts: Record<string, number> = { write: 0, check: 0, put: 0, remove: 0 };
    const begin = performance.now();
    /** When the last step of each day ended, and of any day. */
    const ends = new Map<string, number>();
    let [committed, removed] = [begin, begin];
    const run: SealedRun = { sealed: [], removed: 0, waiting: [] };
    const onStep = ({ step, day }: SealStep) => {
      const now = performance.now();
      const part = PARTS[step];
      // What is put waits until the rows of the day before are gone.
      const from = Math.max(ends.get(day) ?? committed, part === 'put' ? removed : 0);
      parts[part] = (parts[part] ?? 0) + (now - from) / 1000;
      ends.set(day, now);
      if (step === 'committed') committed = now;
      if (step === 'removed') removed = now;
    };
    await sealInOrder(
      {
        ...{ sqlite, stage, store: openFolderStore(lake), folder: join(folder, 'stage'), settlingMs: 0, onStep },
        sealAfterMs: 35 * DAY_MS,
        now: () => new Date(),
        renew: () => {},
        origins: () => ['ssm-archive/0000000000000000'],
        ...named,
      },
      days.map((day) => ({ day, reason: 'first' as const })),
      run,
    );
    const objects = run.sealed.flatMap((sealed) => sealed.objects);
    return {
      ...{ seconds: (performance.now() - begin) / 1000, parts },
      invocations: run.sealed.reduce((sum, { invocations }) => sum + invocations, 0),
      rows: objects.reduce((sum, { rows }) => sum + rows, 0),
      bytes: objects.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
      // Of all processes together, although their peaks are not at one time.
      peakRssBytes: peakRss(process.pid).reduce((sum, bytes) => sum + bytes, 0),
    };
  },
  async () => {
    await close();
    db.close();
  },
);
