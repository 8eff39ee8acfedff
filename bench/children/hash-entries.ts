import { closeSync, openSync, readSync } from 'node:fs';
import { z } from 'zod';
import { hashLeaf } from '../../src/ledger/tree/hash-leaf.ts';
import { answerParent, readInput } from '../support/answer-parent.ts';

// The rival: reads the file of entries, and hashes its share of them; nothing else.
const { entries, part, of } = readInput(z.object({ entries: z.string(), part: z.number(), of: z.number() }));
const BUFFER_BYTES = 8 * 1024 * 1024;
const LENGTH_BYTES = 4;

answerParent(() => {
  const begin = performance.now();
  const file = openSync(entries, 'r');
  const buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  let filled = 0;
  let number = 0;
  for (;;) {
    const read = readSync(file, buffer, filled, BUFFER_BYTES - filled, null);
    filled += read;
    let at = 0;
    while (at + LENGTH_BYTES <= filled) {
      const end = at + LENGTH_BYTES + buffer.readUInt32BE(at);
      if (end > filled) break;
      if (number % of === part) hashLeaf(buffer.subarray(at + LENGTH_BYTES, end));
      number += 1;
      at = end;
    }
    buffer.copy(buffer, 0, at, filled);
    filled -= at;
    if (read === 0) break;
  }
  closeSync(file);
  return { seconds: (performance.now() - begin) / 1000 };
});
