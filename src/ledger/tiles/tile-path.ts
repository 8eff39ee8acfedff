import { TILE_WIDTH } from './tiles.ts';

/** A resource of https://c2sp.org/tlog-tiles: the hashes of a level, or the entries under a tile of level 0. */
export interface TilePath {
  level: number | 'entries';
  /** The tile's index in its level, from 0. */
  index: number;
  /** The number of hashes or entries: 256, or fewer for a partial tile. */
  width: number;
}

const TOP_LEVEL = 63;
const PATH = /^(entries|\d{1,2})\/((?:x\d{3}\/){0,5}\d{3})(?:\.p\/(\d{1,3}))?$/;

/**
 * Returns a tile's path after `tile/`: `<L>/<N>` with the index as `x001/x234/067`, and `.p/<W>` after it for a partial
 * tile. Throws RangeError for anything without a path in tlog-tiles.
 */
export function tilePath(level: number | 'entries', index: number, width: number = TILE_WIDTH): string {
  const tile = { level, index, width };
  if (!isTile(tile)) throw new RangeError(`There is no tile ${level}/${index} of width ${width}`);
  const elements = [String(index % 1000).padStart(3, '0')];
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    elements.unshift(`x${String(rest % 1000).padStart(3, '0')}`);
  }
  const path = [level, ...elements].join('/');
  return width === TILE_WIDTH ? path : `${path}.p/${width}`;
}

/** Returns the tile of a path that tilePath returned; undefined for any other text. */
export function parseTilePath(path: string): TilePath | undefined {
  const [, level, name = '', width = TILE_WIDTH] = PATH.exec(path) ?? [];
  const tile: TilePath = {
    level: level === 'entries' ? level : Number(level),
    index: Number(name.replaceAll(/[x/]/g, '')),
    width: Number(width),
  };
  // An index has only one valid path, so the same index with leading zeros is refused.
  return isTile(tile) && tilePath(tile.level, tile.index, tile.width) === path ? tile : undefined;
}

function isTile({ level, index, width }: TilePath): boolean {
  const isLevel = level === 'entries' || (Number.isInteger(level) && level >= 0 && level <= TOP_LEVEL);
  const isIndex = Number.isSafeInteger(index) && index >= 0;
  return isLevel && isIndex && Number.isInteger(width) && width >= 1 && width <= TILE_WIDTH;
}
