import type { SealedDay } from '../../archive/sealed/read-sealed-days.ts';
import type { PlaceTurn } from '../owners/owner-files.ts';
import type { ManifestContent } from './read-day.ts';

/** What a lake says of a day of an archive. */
export type CatalogueDay =
  | {
      state: 'sealed';
      day: string;
      sealed: SealedDay;
      manifest: ManifestContent;
      /** The pinned key that signed what the day rests on; null if no known key did. */
      signedBy: string | null;
    }
  | { state: 'pruned'; day: string; manifest: ManifestContent; signedBy: string | null }
  | {
      state: 'unreadable';
      day: string;
      /** A sentence that says what is wrong. */
      why: string;
    };

/** What a lake says of one of its archives. */
export interface CatalogueArchive {
  archive: number;
  /** The name of the key that signed the archive's ledger at first; null if the lake does not say. */
  origin: string | null;
  /** Whether the operator has pinned a key of it. */
  isPinned: boolean;
  /** All days that were ever sealed, the oldest first. */
  days: readonly CatalogueDay[];
  /** The day after the last one that was sealed: nothing of it or of a later day is in the lake. Null if none was. */
  floor: string | null;
}

/** All that a lake says of itself, as it was listed at one time. */
export interface Catalogue {
  /** An ISO time. */
  listedAt: string;
  archives: readonly CatalogueArchive[];
  /** The newest turn of each account and region that was ever claimed. */
  places: readonly PlaceTurn[];
}
