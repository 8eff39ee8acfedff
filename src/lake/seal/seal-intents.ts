import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { prepareOnce } from '../../db/prepare-once.ts';

/** An object that a seal puts into the lake, or that may be at its place. */
const IntendedObject = z.object({ key: z.string(), sha256: z.string() });

export type IntendedObject = z.output<typeof IntendedObject>;

/** What a seal that has begun puts into the lake, and what it replaces there. */
export interface SealIntent {
  day: string;
  generation: number;
  objects: readonly IntendedObject[];
  replaces: readonly IntendedObject[];
  madeAt: string;
}

interface Row {
  day: string;
  generation: number;
  newJson: string;
  oldJson: string;
  madeAt: string;
}

/** Returns the seals that have begun and not ended, the earliest day first. */
export function listIntents(sqlite: Database): SealIntent[] {
  return prepareOnce<[], Row>(
    sqlite,
    'SELECT day, generation, new_json AS newJson, old_json AS oldJson, made_at AS madeAt FROM main.seal_intents ORDER BY day',
  )
    .all()
    .map(({ newJson, oldJson, ...row }) => ({ ...row, objects: objectsOf(newJson), replaces: objectsOf(oldJson) }));
}

/** Writes the intent of a day. An earlier intent of the day is replaced, and its objects may be in the lake. */
export function writeIntent(sqlite: Database, intent: SealIntent): void {
  const before = listIntents(sqlite).find(({ day }) => day === intent.day);
  const replaces = [...intent.replaces, ...(before ? [...before.objects, ...before.replaces] : [])];
  const unique = new Map(replaces.map((object) => [`${object.key} ${object.sha256}`, object]));
  prepareOnce<[object], never>(
    sqlite,
    `INSERT INTO seal_intents (day, generation, new_json, old_json, made_at) VALUES (:day, :generation, :objects, :replaces, :madeAt)
       ON CONFLICT (day) DO UPDATE SET (generation, new_json, old_json, made_at)
         = (excluded.generation, excluded.new_json, excluded.old_json, excluded.made_at)`,
  ).run({ ...intent, objects: JSON.stringify(intent.objects), replaces: JSON.stringify([...unique.values()]) });
}

export function deleteIntent(sqlite: Database, day: string): void {
  prepareOnce<[string], never>(sqlite, 'DELETE FROM seal_intents WHERE day = ?').run(day);
}

function objectsOf(json: string): IntendedObject[] {
  return z.array(IntendedObject).parse(JSON.parse(json));
}
