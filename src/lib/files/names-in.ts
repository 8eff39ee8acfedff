import { readdirSync } from 'node:fs';

/** Returns the names in a folder; an empty list if the folder can't be read. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
