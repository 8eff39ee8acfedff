import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { answerParent, readInput } from '../support/answer-parent.ts';

// The rival of `verify --lake`: hashes the objects of the lake, and reads nothing of them.
const { lake } = readInput(z.object({ lake: z.string() }));

answerParent(() => {
  const begin = performance.now();
  let bytes = 0;
  for (const entry of readdirSync(lake, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const content = readFileSync(join(entry.parentPath, entry.name));
    createHash('sha256').update(content).digest();
    bytes += content.length;
  }
  return { seconds: (performance.now() - begin) / 1000, bytes };
});
