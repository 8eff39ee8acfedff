import { statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { openArchive } from '../src/db/open.ts';
import { type Benchmark, whole } from './support/benchmark.ts';
import { collectByTools, collectOurs, compareCollected, missingTools } from './support/collect.ts';
import { startService } from './support/start-service.ts';

const INVOCATIONS = 20_000;
const Parts = z.array(z.object({ name: z.string(), bytes: z.number() }));

/**
 * Measures the file that ssm-archive makes of a month of one account, including revisions and indexes, against the
 * tools' file of the same rows.
 */
export const size: Benchmark = {
  name: 'size',
  about: "bytes per invocation of the archive, compared with sqlite-utils' file of the same rows",
  async run({ invocations = INVOCATIONS, folder, say }) {
    const missing = missingTools();
    if (missing) return { missing };
    const service = await startService(folder, invocations);
    const paths = { ours: join(folder, 'ours.db'), tools: join(folder, 'tools.db') };
    const ours = await collectOurs(service.url, paths.ours, folder);
    const tools = await collectByTools(service.url, paths.tools, folder);
    await service.end();
    const rows = compareCollected(ours, tools);

    const db = openArchive(paths.ours);
    db.sqlite.pragma('wal_checkpoint(TRUNCATE)');
    const bytes = { ours: statSync(paths.ours).size, tools: statSync(paths.tools).size };
    say(
      `${whole(rows)} invocations: ${whole(bytes.ours / rows)} bytes each, and ${whole(bytes.tools / rows)} in the tools' file`,
    );
    const parts = Parts.parse(
      db.sqlite
        .prepare('SELECT name, sum(pgsize) AS bytes FROM dbstat GROUP BY name ORDER BY bytes DESC LIMIT 8')
        .all(),
    );
    db.close();
    say(
      `bytes per invocation by table and index: ${parts.map((part) => `${part.name} ${whole(part.bytes / rows)}`).join(', ')}`,
    );
    return {
      goals: [{ what: "size, divided by that of the tools' file", figure: bytes.ours / bytes.tools, atMost: 0.5 }],
      compared: { rows, what: 'invocations' },
    };
  },
};
