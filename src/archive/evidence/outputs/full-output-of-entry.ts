import { z } from 'zod';
import { REDACTED } from '../evidence.ts';

const Hidden = z.literal(REDACTED);

/** An opened entry of the kind `output`. What a pack withholds is REDACTED. */
const Entry = z.object({
  kind: z.literal('output'),
  accountId: z.string(),
  region: z.string(),
  commandId: z.string(),
  instanceId: z.string(),
  position: z.int().nonnegative(),
  name: z.string().nullable(),
  stream: z.string(),
  provenance: z.string(),
  fetchedAt: z.string(),
  encoding: z.string(),
  cutBy: z.string().nullable(),
  digest: z.union([Hidden, z.string().regex(/^[0-9a-f]{64}$/)]),
  size: z.union([Hidden, z.object({ sizeBytes: z.int().nonnegative(), totalBytes: z.int().nonnegative().nullable() })]),
  location: z.union([Hidden, z.record(z.string(), z.string())]).nullable(),
});

/** What a line of full-outputs.ndjson says about a fetched output, besides its entry and proof. */
export interface PackedOutput {
  accountId: string;
  region: string;
  commandId: string;
  instanceId: string;
  /** The number of the step in its invocation, from 0, and its name when its output was fetched. */
  position: number;
  name: string | null;
  stream: string;
  provenance: string;
  /** The bucket and key, or the log group and stream; null if it came from GetCommandInvocation. */
  location: Readonly<Record<string, string>> | typeof REDACTED | null;
  fetchedAt: string;
  encoding: string;
  /** How many bytes were fetched, and how many there were; null if that is not known, or redacted. */
  sizeBytes: number | null;
  totalBytes: number | null;
  /** Null if it is whole. */
  cutBy: string | null;
  /** SHA-256 of the bytes as they came, in hex. */
  sha256: string;
  /** Whether its text was pruned from the archive. */
  isPruned: boolean;
  /** The file of the pack that has the bytes; null if they were pruned, redacted or left out. */
  file: string | null;
}

/** What a pack has of texts. */
export interface Packing {
  isPruned: boolean;
  /** Whether the pack was made without the texts of outputs. */
  withoutOutputs: boolean;
}

/** The names of PackedOutput, in the order in which a line has them. */
export const OUTPUT_NAMES = [
  ...(['accountId', 'region', 'commandId', 'instanceId', 'position', 'name', 'stream', 'provenance'] as const),
  ...(['location', 'fetchedAt', 'encoding', 'sizeBytes', 'totalBytes', 'cutBy', 'sha256'] as const),
  ...(['isPruned', 'file'] as const),
] satisfies readonly (keyof PackedOutput)[];

/**
 * Returns the fetched output that an opened entry shows. The writer of a pack and its verifier both use this, so that a
 * line says exactly what its entry says. Undefined if the entry is not about a fetched output. Throws for text that is
 * not JSON.
 */
export function fullOutputOfEntry(text: string, { isPruned, withoutOutputs }: Packing): PackedOutput | undefined {
  const entry = Entry.safeParse(JSON.parse(text)).data;
  if (!entry) return undefined;
  const { digest, size, location, fetchedAt, encoding, cutBy, kind: _, ...step } = entry;
  const { sizeBytes, totalBytes } = size === REDACTED ? { sizeBytes: null, totalBytes: null } : size;
  const hasFile = digest !== REDACTED && !isPruned && !withoutOutputs;
  return {
    ...step,
    ...{ location, fetchedAt, encoding, sizeBytes, totalBytes, cutBy, sha256: digest, isPruned },
    file: hasFile ? fileOfOutput(digest) : null,
  };
}

/** The name of an output's file in a pack, by the SHA-256 of its content. */
export function fileOfOutput(digest: string): string {
  return `outputs/${digest}.txt`;
}
