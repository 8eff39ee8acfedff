/** Reads `length` bytes from a position; fewer if the file ends earlier. */
export type ReadAt = (at: number, length: number) => Buffer;

/** A file of a ZIP, as described in the directory. */
export interface ZipEntry {
  /** The name as bytes, and as text. */
  rawName: Buffer;
  name: string;
  flags: number;
  method: number;
  crc: number;
  compressedBytes: number;
  bytes: number;
  /** Where the file's own header begins. The header comes before the content. */
  at: number;
  hasComment: boolean;
  /** The high half has the Unix mode: the file's type and permissions. */
  attributes: number;
  extra: Buffer;
}

/** The directory of a ZIP, and the position where it begins. */
export interface ZipDirectory {
  entries: ZipEntry[];
  at: number;
}

/** What is wrong with a ZIP: a sentence that begins with "it" or names a file. */
export class ZipFault extends Error {
  override name = 'ZipFault';
}

const END = 0x06054b50;
const END_BYTES = 22;
const LOCATOR = 0x07064b50;
const LOCATOR_BYTES = 20;
const END_64 = 0x06064b50;
const END_64_BYTES = 56;
const ENTRY = 0x02014b50;
const ENTRY_BYTES = 46;
/** If a field has its highest value, the real value is in a field of 64 bits. */
const MOST_16 = 0xffff;
const MOST_32 = 0xffffffff;
const ZIP_64 = 0x0001;
const MOST_DIRECTORY_BYTES = 512 * 1024 * 1024;

/**
 * Reads the directory of a ZIP (APPNOTE.TXT 4.3.12 to 4.3.16). Throws ZipFault if the file does not end with the ZIP's
 * end record, if the ZIP has a comment, or if two fields disagree about the directory's size or position.
 */
export function readZipDirectory(read: ReadAt, size: number): ZipDirectory {
  const { count, bytes, at, endsAt } = readEnd(read, size);
  if (at + bytes !== endsAt)
    throw new ZipFault('it has data before its ZIP or within it: its directory is not where its end record says');
  if (bytes > MOST_DIRECTORY_BYTES) throw new ZipFault(`its directory has ${bytes} bytes, which is too large`);
  const directory = read(at, bytes);
  const entries: ZipEntry[] = [];
  let next = 0;
  while (next < directory.length) {
    const entry = entryAt(directory, next);
    entries.push(entry.entry);
    next = entry.end;
  }
  if (entries.length !== count)
    throw new ZipFault(`its directory has ${entries.length} files, but its end record says ${count}`);
  return { entries, at };
}

interface End {
  count: number;
  bytes: number;
  at: number;
  /** Where the directory must end. */
  endsAt: number;
}

function readEnd(read: ReadAt, size: number): End {
  const end = read(Math.max(0, size - END_BYTES), END_BYTES);
  if (end.length < END_BYTES || end.readUInt32LE(0) !== END || end.readUInt16LE(20) !== 0)
    throw new ZipFault(
      'it does not end with the end record of a ZIP: there is a comment or other data after it, or the file was cut off',
    );
  const short = [4, 6, 8, 10].map((at) => end.readUInt16LE(at));
  const long = [12, 16].map((at) => end.readUInt32LE(at));
  const [endAt, locator] = [size - END_BYTES, read(Math.max(0, size - END_BYTES - LOCATOR_BYTES), LOCATOR_BYTES)];
  const has64 = endAt >= LOCATOR_BYTES && locator.readUInt32LE(0) === LOCATOR;
  if (!has64) {
    if (short.includes(MOST_16) || long.includes(MOST_32))
      throw new ZipFault('its end record refers to a 64-bit end record that does not exist');
    return endOf(short, long, endAt);
  }
  const at = endAt - LOCATOR_BYTES - END_64_BYTES;
  const record = read(Math.max(0, at), END_64_BYTES);
  const isOne =
    at >= 0 &&
    numberAt(locator, 8) === at &&
    locator.readUInt32LE(4) === 0 &&
    locator.readUInt32LE(16) === 1 &&
    record.readUInt32LE(0) === END_64 &&
    numberAt(record, 4) === END_64_BYTES - 12;
  if (!isOne) throw new ZipFault('its 64-bit end record is not where it must be');
  const short64 = [record.readUInt32LE(16), record.readUInt32LE(20), numberAt(record, 24), numberAt(record, 32)];
  const long64 = [numberAt(record, 40), numberAt(record, 48)];
  const isSame = (value: number, of64: number | undefined, most: number) => value === of64 || value === most;
  if (
    !short.every((value, i) => isSame(value, short64[i], MOST_16)) ||
    !long.every((value, i) => isSame(value, long64[i], MOST_32))
  )
    throw new ZipFault('its two end records say different things');
  return endOf(short64, long64, at);
}

function endOf([disk, ofDirectory, here, count = 0]: number[], [bytes = 0, at = 0]: number[], endsAt: number): End {
  if (disk !== 0 || ofDirectory !== 0 || here !== count) throw new ZipFault('it is one part of a ZIP that was split');
  return { count, bytes, at, endsAt };
}

function entryAt(directory: Buffer, at: number): { entry: ZipEntry; end: number } {
  const broken = new ZipFault(`its directory does not describe a file at ${at}`);
  if (at + ENTRY_BYTES > directory.length || directory.readUInt32LE(at) !== ENTRY) throw broken;
  const u16 = (offset: number) => directory.readUInt16LE(at + offset);
  const u32 = (offset: number) => directory.readUInt32LE(at + offset);
  const nameEnd = at + ENTRY_BYTES + u16(28);
  const extraEnd = nameEnd + u16(30);
  const end = extraEnd + u16(32);
  if (end > directory.length) throw broken;
  const rawName = directory.subarray(at + ENTRY_BYTES, nameEnd);
  const name = rawName.toString('utf8');
  const extra = directory.subarray(nameEnd, extraEnd);
  if (u16(34) !== 0) throw new ZipFault(`${name} begins in another part of a ZIP that was split`);
  const [bytes = 0, compressedBytes = 0, begin = 0] = with64([u32(24), u32(20), u32(42)], extra, name);
  const [flags, method, crc] = [u16(8), u16(10), u32(16)];
  const entry = { rawName, name, flags, method, crc, compressedBytes, bytes, at: begin };
  return { entry: { ...entry, hasComment: u16(32) > 0, attributes: u32(38), extra }, end };
}

/**
 * Returns the values. A value that is a placeholder is replaced by its number from the extra field for 64-bit values.
 * That field must have exactly these numbers, in order.
 */
export function with64(values: readonly number[], extra: Buffer, name: string): number[] {
  const field = extraFields(extra, name).get(ZIP_64);
  const missing = values.filter((value) => value === MOST_32).length;
  if (missing === 0 && field === undefined) return [...values];
  if (field?.length !== missing * 8) throw new ZipFault(`${name} states its sizes in two ways`);
  let next = 0;
  return values.map((value) => {
    if (value !== MOST_32) return value;
    next += 8;
    return numberAt(field, next - 8);
  });
}

/**
 * The extra fields of an entry by their kinds. Throws ZipFault if there are gaps between them, or if a kind occurs
 * twice.
 */
export function extraFields(extra: Buffer, name: string): Map<number, Buffer> {
  const fields = new Map<number, Buffer>();
  let at = 0;
  while (at < extra.length) {
    const kind = at + 4 <= extra.length ? extra.readUInt16LE(at) : 0;
    const end = at + 4 <= extra.length ? at + 4 + extra.readUInt16LE(at + 2) : Number.POSITIVE_INFINITY;
    if (end > extra.length || fields.has(kind)) throw new ZipFault(`${name} has extra fields that cannot be read`);
    fields.set(kind, extra.subarray(at + 4, end));
    at = end;
  }
  return fields;
}

/**
 * A 64-bit number. Numbers above 2^53 lose digits. That does no harm: they are larger than any file, so they never
 * match.
 */
export function numberAt(bytes: Buffer, at: number): number {
  return Number(bytes.readBigUInt64LE(at));
}
