import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { z } from 'zod';

const Journal = z.object({ entries: z.array(z.object({ idx: z.int(), when: z.int(), tag: z.string() })).min(1) });

it('every migration has a later time than the migration before it; otherwise existing archives would skip it', () => {
  const { entries } = Journal.parse(JSON.parse(readFileSync('migrations/meta/_journal.json', 'utf8')));
  const times = entries.map(({ when }) => when);
  expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
  // drizzle-kit numbers the next migration after the last one; with too low a number it would overwrite an existing
  // file.
  for (const { idx, tag } of entries) expect(tag).toMatch(new RegExp(`^${String(idx).padStart(4, '0')}_`));
  expect(entries.filter(({ tag }) => !existsSync(`migrations/${tag}.sql`))).toEqual([]);
});
