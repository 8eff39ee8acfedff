import { z } from 'zod';
import type { SealedDay } from '../../archive/sealed/read-sealed-days.ts';
import { SealedEntry, SealedObject } from '../../ledger/entries/sealed-entry.ts';
import { Tombstone } from '../../ledger/entries/tombstone.ts';
import { canonicalJson } from '../../lib/json/canonical-json.ts';
import { sha256 } from '../../lib/sha256.ts';
import { ManifestFile, ProvedEntry } from '../seal/manifest-file.ts';
import { MonthObject } from '../seal/months/written-month.ts';
import { keyOfDay } from '../tables/object-key.ts';
import { checkProof, NotProved } from './check-proof.ts';

const Count = z.object({
  accountId: z.string(),
  region: z.string(),
  documentName: z.string().nullable(),
  status: z.string().nullable(),
  statusDetails: z.string().nullable(),
  invocations: z.int(),
});

const Span = z.object({ from: z.string(), to: z.string() });

/** What a manifest says of how an account and region was collected, or a source whose account is not known. */
const Statement = z.object({
  alias: z.string().optional(),
  ...{ accountId: z.string().nullable(), region: z.string().nullable(), isComplete: z.boolean() },
  ...{ gaps: z.array(Span), edges: z.array(Span) },
  forgottenCommands: z.array(z.looseObject({ commandId: z.string() })),
});

const Facts = z.object({
  ...{ firstId: z.int(), lastId: z.int(), leaves: z.int(), firstSeq: z.int(), lastSeq: z.int() },
  ...{ firstChangedAt: z.string(), lastChangedAt: z.string() },
});

/** What a manifest says. Its other members are for people. */
const ManifestContent = z.object({
  ...{ archive: z.int(), day: z.iso.date(), generation: z.int(), treeSize: z.int() },
  objects: z.array(SealedObject),
  counts: z.array(Count),
  coverage: z.array(Statement),
  /** The commands of the months that were written with the day. */
  commands: z.array(MonthObject).default([]),
  /** Manifests of earlier versions have none. */
  facts: Facts.optional(),
});

export type ManifestContent = z.output<typeof ManifestContent>;

/** A time before and one after all others: of days whose manifests don't say when something of them changed. */
const ANY_TIME = { firstChangedAt: '', lastChangedAt: '9999-12-31T23:59:59.999Z' };

export interface ProvedManifest {
  manifest: ManifestContent;
  sealed: SealedDay;
  signedBy: string | null;
}

/**
 * Reads the text of a manifest as a sealed day, if its proof leads to a root that a pinned key signed. Returns undefined
 * if it has no proof: then it may belong to a seal that goes on, or was killed. Throws NotProved if it does not prove what
 * it says.
 */
export function readManifestDay(
  text: string,
  { archive, day, generation, keys }: { archive: number; day: string; generation: number; keys: readonly string[] },
): ProvedManifest | undefined {
  const file = parsed(ManifestFile, text, 'does not have the form of a manifest');
  if (file.entry === undefined && file.proof === undefined) return undefined;
  const proved = parsed(ProvedEntry, text, 'has an entry without its proof, or a proof without its entry');
  const entry = parsed(SealedEntry, proved.entry, 'has an entry that is not about a sealed day');
  const manifest = parsed(ManifestContent, file.manifest, 'does not say what a manifest says');
  if (sha256(file.manifest).toString('hex') !== entry.manifest)
    throw new NotProved('says something else than what its entry in the ledger names');
  const named = canonicalJson({ archive, day, generation, objects: entry.objects });
  for (const one of [entry, manifest])
    if (canonicalJson({ ...pick(one), objects: one.objects }) !== named)
      throw new NotProved('is about another archive, day, generation or other objects than its name says');
  for (const { table, key } of entry.objects)
    if (key !== keyOfDay(archive, table, day)) throw new NotProved('names an object at a place that is not of its day');
  const signedBy = checkProof(proved, keys);
  const { facts = { ...ANY_TIME, firstId: 0, lastId: 0, leaves: 0, firstSeq: 0, lastSeq: 0 } } = manifest;
  const sealed: SealedDay = {
    ...{ day, generation, entrySeq: proved.proof.leaf + 1, treeSize: entry.treeSize, objects: entry.objects },
    invocations: entry.objects.find(({ table }) => table === 'invocations')?.rows ?? 0,
    ...facts,
    ...{ isUnsealed: false, isPruning: false, goneGeneration: 0, prunedSeq: null },
  };
  return { manifest, sealed, signedBy };
}

/** Checks that a tombstone is about all of a generation, and in the tree. Throws NotProved if it is not. */
export function checkTombstone(
  text: string,
  { day, entrySeq, keys }: { day: string; entrySeq: number; keys: readonly string[] },
): void {
  const proved = parsed(ProvedEntry, text, 'does not have the form of a tombstone');
  const { sealed } = parsed(Tombstone, proved.entry, 'has an entry that is no tombstone');
  if (sealed?.day !== day || sealed.entry !== entrySeq)
    throw new NotProved('is about another day or generation than its name says');
  checkProof(proved, keys);
}

function pick({ archive, day, generation }: { archive: number; day: string; generation: number }) {
  return { archive, day, generation };
}

function parsed<Form>(form: z.ZodType<Form>, json: string, what: string): Form {
  try {
    return form.parse(JSON.parse(json));
  } catch (error) {
    throw new NotProved(what, { cause: error });
  }
}
