import type { Database } from 'better-sqlite3';
import type { Stream } from '../../model/outputs/full-output.ts';
import type { InvocationKey } from '../invocations/get-invocation.ts';
import { type FoundOutput, findFetchedText, findListedText, type OutputText } from '../outputs/find-output-text.ts';
import { readOutputBytes } from '../outputs/read-output-bytes.ts';
import { type OutputPart, type PartStart, readOutputPart } from '../outputs/read-output-part.ts';
import type { SealedDays } from '../sealed/sealed-days.ts';
import { connectionWith, isHere } from './connection-with.ts';

/** An output of a step: what the listing showed of it, or what was fetched of one of its streams. */
export interface OutputPlace {
  key: InvocationKey;
  position: number;
  stream: 'output' | Stream;
  provenance?: string | undefined;
}

/** An output of a sealed day has no row in the archive's file, so it is asked for by its place again. */
export interface PlacedText extends OutputText {
  place?: OutputPlace | undefined;
}

export type FoundPlaced = Exclude<FoundOutput, { state: 'kept' }> | (FoundOutput & { state: 'kept'; text: PlacedText });

/** Finds an output on a connection. */
export function findOutputOn(sqlite: Database, { key, position, stream, provenance }: OutputPlace): FoundOutput {
  if (stream === 'output') return findListedText(sqlite, key, position);
  return findFetchedText(sqlite, key, { position, stream, provenance });
}

/** Finds an output of an invocation of the archive or of a sealed day. */
export async function findAnyOutput(sqlite: Database, place: OutputPlace, sealed: SealedDays): Promise<FoundPlaced> {
  const found = findOutputOn(await connectionWith(sqlite, place.key, sealed), place);
  if (found.state !== 'kept' || isHere(sqlite, place.key)) return found;
  return { ...found, text: { ...found.text, place } };
}

/** A part of an output, by its row in the archive's file or by its place. */
export interface AskedPart {
  outputId: number;
  sizeBytes: number;
  place?: OutputPlace | undefined;
  start: PartStart;
}

/** Reads a part of an output, as readOutputPart does. */
export async function readAnyOutputPart(
  sqlite: Database,
  { place, start, ...text }: AskedPart,
  sealed: SealedDays,
): Promise<OutputPart | { totalLines: number } | null> {
  if (!place) return readOutputPart(sqlite, { ...text, start });
  const from = await connectionWith(sqlite, place.key, sealed);
  const found = findOutputOn(from, place);
  return found.state === 'kept' ? readOutputPart(from, { ...found.text, start }) : null;
}

const PIECE_BYTES = 4_194_304;

/** Writes the text of an output as UTF-8, in pieces. Returns the number of outputs: none if it is not there any more. */
export async function pushAnyOutput(
  sqlite: Database,
  place: OutputPlace,
  { push }: { push(chunk: Uint8Array): void },
  sealed: SealedDays,
): Promise<number> {
  const from = await connectionWith(sqlite, place.key, sealed);
  const found = findOutputOn(from, place);
  if (found.state !== 'kept') throw new Error('The output is not there any more.');
  const { outputId, sizeBytes } = found.text;
  for (let at = 0; at < sizeBytes; at += PIECE_BYTES) {
    const piece = readOutputBytes(from, outputId, { from: at, most: PIECE_BYTES });
    if (piece && piece.length > 0) push(piece);
  }
  return 1;
}
