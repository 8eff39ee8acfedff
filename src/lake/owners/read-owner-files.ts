import type { z } from 'zod';
import { UserFault } from '../../lib/errors/user-fault.ts';
import type { SourceKey } from '../../model/observed-invocation.ts';
import { fetchText } from '../store/fetch-text.ts';
import type { ObjectStore } from '../store/object-store.ts';
import {
  keyOfNumber,
  keyOfTurn,
  NumberOwner,
  OWNERS_FOLDER,
  PlaceTurn,
  parseTurnKey,
  turnsFolder,
} from './owner-files.ts';

/** Returns which archive has a number; undefined if none has. */
export function readNumberOwner(store: ObjectStore, archive: number): Promise<NumberOwner | undefined> {
  return readForm(store, keyOfNumber(archive), NumberOwner);
}

/** Returns the newest turn of an account and region; undefined if nobody ever claimed it. */
export async function readNewestTurn(store: ObjectStore, place: SourceKey): Promise<PlaceTurn | undefined> {
  const [newest] = await newestTurns(store, turnsFolder(place));
  return newest && readTurn(store, newest, newest.turn);
}

/** Returns a turn. Throws UserFault if the object is not one. */
export async function readTurn(store: ObjectStore, place: SourceKey, turn: number): Promise<PlaceTurn> {
  const key = keyOfTurn(place, turn);
  const found = await readForm(store, key, PlaceTurn);
  if (found) return found;
  throw new UserFault(`${key} was in the lake ${store.name}, and is gone. Objects of a lake are never removed.`);
}

/** Returns each account and region that was ever claimed, with the number of its newest turn. One listing of the lake. */
export async function newestTurns(
  store: ObjectStore,
  prefix: string = OWNERS_FOLDER,
): Promise<(SourceKey & { turn: number })[]> {
  const newest = new Map<string, SourceKey & { turn: number }>();
  for await (const { key } of store.list(prefix)) {
    const found = parseTurnKey(key);
    if (!found) continue;
    const place = turnsFolder(found);
    if (found.turn > (newest.get(place)?.turn ?? 0)) newest.set(place, found);
  }
  return [...newest.values()];
}

async function readForm<Form>(store: ObjectStore, key: string, form: z.ZodType<Form>): Promise<Form | undefined> {
  const text = await fetchText(store, key);
  if (text === undefined) return undefined;
  try {
    return form.parse(JSON.parse(text));
  } catch (error) {
    throw new UserFault(
      `${key} in the lake ${store.name} is not what ssm-archive puts there, so it is not known which archive owns what. Bring that object's first version back.`,
      { cause: error },
    );
  }
}
