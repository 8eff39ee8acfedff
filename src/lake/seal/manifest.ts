import type { SealedObject } from '../../ledger/entries/sealed-entry.ts';
import { canonicalJson } from '../../lib/json/canonical-json.ts';
import { packageVersion } from '../../lib/process/package-root.ts';
import { sha256 } from '../../lib/sha256.ts';
import { ARCHIVE_NUMBER, SCHEMA_VERSION } from '../tables/object-key.ts';

export interface ManifestFacts {
  day: string;
  generation: number;
  treeSize: number;
  objects: readonly SealedObject[];
}

/** What is said of a sealed day, as canonical JSON, and the SHA-256 of it in hex. */
export interface Manifest {
  json: string;
  sha256: string;
}

export function makeManifest({ day, generation, treeSize, objects }: ManifestFacts): Manifest {
  const json = canonicalJson({
    ...{ schema: SCHEMA_VERSION, archive: ARCHIVE_NUMBER, day, generation, treeSize, objects },
    madeBy: `ssm-archive ${packageVersion()}`,
  });
  return { json, sha256: sha256(json).toString('hex') };
}
