import { canonicalJson } from '../../lib/json/canonical-json.ts';
import { createCommitter, type Opening } from './commitments.ts';

/** The facts about a fetched output that its entry is made of. */
export interface OutputFacts {
  accountId: string;
  region: string;
  commandId: string;
  instanceId: string;
  position: number;
  /** The step's name at that time. */
  name: string | null;
  stream: string;
  provenance: string;
  /** Where it lay, as canonical JSON. */
  locationJson: string | null;
  fetchedAt: string;
  encoding: string;
  sizeBytes: number;
  totalBytes: number | null;
  cutBy: string | null;
  /** The SHA-256 of the bytes as they came. */
  sha256: Buffer;
  /** The secret from which the salts of the commitments are made. */
  salt: Buffer;
}

/** The members of an entry that are commitments, in their order. */
export type CommittedOutputMember = 'digest' | 'size' | 'location';

/**
 * Returns the entry of a fetched output: RFC 8785 JSON with commitments instead of the digest and the sizes, which
 * would confirm a guess at a short output, and of the place, which may be secret. `tell` receives the salts and values
 * of the commitments.
 */
export function outputEntry(
  facts: OutputFacts,
  tell?: (opening: Opening, member: CommittedOutputMember | undefined) => void,
): string {
  const { sha256, salt, locationJson, sizeBytes, totalBytes, ...clear } = facts;
  const commit = createCommitter<CommittedOutputMember>(salt, 0, tell);
  return canonicalJson({
    ...{ kind: 'output', ...clear, isCut: facts.cutBy !== null },
    digest: JSON.parse(commit(canonicalJson(sha256.toString('hex')), 'digest')),
    size: JSON.parse(commit(canonicalJson({ sizeBytes, totalBytes }), 'size')),
    location: locationJson === null ? null : JSON.parse(commit(locationJson, 'location')),
  });
}
