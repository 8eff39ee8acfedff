import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { openObjects } from '../../../src/lake/cache/open-objects.ts';
import { SealedObject } from '../../../src/ledger/entries/sealed-entry.ts';
import { asBucket } from './lake-in-bucket.ts';

// A process that opens objects in an order of its own, and prints how many were the right ones.
const [, , lake = '', folder = '', maxBytes, json = '[]', seed] = process.argv;
const objects = z.array(SealedObject).parse(JSON.parse(json));
const opened = openObjects(asBucket(lake), { folder, maxBytes: Number(maxBytes) });
let good = 0;
for (let n = 0; n < 60; n++) {
  const object = objects[(n * Number(seed)) % objects.length];
  if (!object) continue;
  const { path, release } = await opened.open(object);
  if (hash('sha256', readFileSync(path)) === object.sha256) good += 1;
  await release();
}
await opened.close();
console.log(`good ${good}`);
