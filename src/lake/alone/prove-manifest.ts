import { z } from 'zod';
import { SealedEntry, SealedObject } from '../../ledger/entries/sealed-entry.ts';
import { parseCheckpoint } from '../../ledger/notes/checkpoint.ts';
import { parseVerifierKey } from '../../ledger/notes/note-key.ts';
import { openNote } from '../../ledger/notes/signed-note.ts';
import { hashLeaf } from '../../ledger/tree/hash-leaf.ts';
import { rootOfInclusion } from '../../ledger/tree/root-of-inclusion.ts';
import { sha256 } from '../../lib/sha256.ts';
import { ManifestFile } from '../seal/manifest-file.ts';
import { MonthObject } from '../seal/months/written-month.ts';

const Span = z.object({ from: z.string(), to: z.string() });

/** What a manifest says of its day. */
export const ManifestContent = z.object({
  archive: z.int(),
  day: z.iso.date(),
  generation: z.int(),
  treeSize: z.int(),
  objects: z.array(SealedObject),
  /** The commands of the months that were written with the day. */
  commands: z.array(MonthObject).default([]),
  /** When the first and the last of its invocations changed. Manifests of earlier versions lack it. */
  changed: z.object({ first: z.string(), last: z.string() }).optional(),
  counts: z.array(
    z.object({
      ...{ accountId: z.string(), region: z.string(), documentName: z.string().nullable() },
      ...{ status: z.string().nullable(), statusDetails: z.string().nullable(), invocations: z.int() },
    }),
  ),
  coverage: z.array(
    z.object({
      alias: z.string().optional(),
      accountId: z.string().nullable(),
      region: z.string().nullable(),
      isComplete: z.boolean(),
      gaps: z.array(Span),
      edges: z.array(Span),
      forgottenCommands: z.array(z.looseObject({ commandId: z.string() })),
    }),
  ),
});

export type ManifestContent = z.output<typeof ManifestContent>;

/** A day of an archive, as its manifest has it. */
export interface ProvedDay {
  content: ManifestContent;
  /** The number of the entry's leaf, plus one. */
  entrySeq: number;
  /** The name of the pinned key that signed the root; undefined if no pinned key did. */
  signedBy: string | undefined;
}

/**
 * Checks a manifest with its proof: that the entry names this manifest and these objects, and that the entry is a leaf under
 * the root. Returns the day; undefined if there is no proof yet, since the day is being sealed; or a sentence's end that
 * says what is wrong.
 */
export function proveManifest(
  text: string,
  { archive, day, generation }: { archive: number; day: string; generation: number },
  keys: readonly string[],
): ProvedDay | string | undefined {
  const file = parsed(ManifestFile, text);
  if (!file) return 'does not have the form of a manifest';
  if (!file.proof || file.entry === undefined) return undefined;
  const entry = parsed(SealedEntry, file.entry);
  const content = parsed(ManifestContent, file.manifest);
  if (!entry || !content) return 'does not have the form of a manifest';
  const isAbout = (one: { archive: number; day: string; generation: number }) =>
    one.archive === archive && one.day === day && one.generation === generation;
  if (!isAbout(entry) || !isAbout(content)) return 'is about another day';
  if (sha256(file.manifest).toString('hex') !== entry.manifest) return 'is not the manifest that its entry names';
  if (JSON.stringify(content.objects) !== JSON.stringify(entry.objects)) return 'names other objects than its entry';
  const { leaf, size, root, hashes } = file.proof;
  if (
    !isRoot(root, () =>
      rootOfInclusion(
        hashLeaf(file.entry ?? ''),
        leaf,
        size,
        hashes.map((hash) => Buffer.from(hash, 'hex')),
      ),
    )
  )
    return 'has a proof that does not lead to its root';
  return { content, entrySeq: leaf + 1, signedBy: signerOf(file.checkpoint ?? undefined, { size, root }, keys) };
}

function isRoot(root: string, proved: () => Buffer): boolean {
  try {
    return proved().toString('hex') === root;
  } catch {
    return false;
  }
}

/** The pinned key whose signature a checkpoint has, if the checkpoint is about this tree. */
function signerOf(
  note: string | undefined,
  { size, root }: { size: number; root: string },
  keys: readonly string[],
): string | undefined {
  if (note === undefined) return undefined;
  try {
    const { text, verified } = openNote(note, keys.map(parseVerifierKey));
    const checkpoint = parseCheckpoint(text);
    if (checkpoint.size !== size || Buffer.from(checkpoint.root).toString('hex') !== root) return undefined;
    return verified[0]?.name;
  } catch {
    return undefined;
  }
}

function parsed<T>(form: z.ZodType<T>, json: string): T | undefined {
  try {
    return form.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
}
