import {
  extraFields,
  numberAt,
  type ReadAt,
  readZipDirectory,
  with64,
  type ZipDirectory,
  type ZipEntry,
  ZipFault,
} from './zip-directory.ts';

const HEADER = 0x04034b50;
const HEADER_BYTES = 30;
const DESCRIPTOR = 0x08074b50;
const STORED = 0;
const DEFLATED = 8;
/** Allowed flags: the level of compression, sizes after the content, and a name in UTF-8. */
const KNOWN_FLAGS = 0x080e;
const SIZES_FOLLOW = 0x0008;
const LEVEL = 0x0006;
/** Extra fields of Info-ZIP. Some programs take a file's name or comment from them, others do not. */
const UNICODE_PATH = 0x7075;
const UNICODE_COMMENT = 0x6375;
const MS_DOS_FOLDER = 0x10;
const UNIX_FILE = 0x8;
const UNIX_FOLDER = 0x4;
/** Java compresses a folder's empty content to this many bytes. */
const NOTHING_DEFLATED_BYTES = 2;
const MOST_FAULTS = 20;

/**
 * Returns a sentence for each part of a ZIP file that some programs would not see, or would see differently. A ZIP has
 * no faults if its files follow each other from the first byte on, then come the directory and the end record, and each
 * file's own header agrees with the directory. Some programs use the directory, some use the headers, and some use data
 * before or after the ZIP. From a genuine pack all programs must unpack the same files.
 */
export function zipFaults(read: ReadAt, size: number): string[] {
  const faults: string[] = [];
  try {
    const directory = readZipDirectory(read, size);
    const fault = (what: string) => void faults.push(what);
    checkNames(directory.entries, fault);
    checkOrder(read, directory, fault);
  } catch (error) {
    if (!(error instanceof ZipFault)) throw error;
    faults.push(error.message);
  }
  const more = faults.length - MOST_FAULTS;
  return more > 0 ? [...faults.slice(0, MOST_FAULTS), `and ${more} more faults of its ZIP`] : faults;
}

function checkNames(entries: readonly ZipEntry[], fault: (what: string) => void): void {
  const names = new Set<string>();
  for (const { name } of entries) {
    if (names.has(name)) fault(`it has two files named ${name}`);
    names.add(name);
  }
  const folders = new Set([...names].flatMap((name) => parentsOf(name)));
  for (const { name, bytes, compressedBytes, attributes } of entries) {
    const isFolder = name.endsWith('/');
    const kind = attributes >>> 28;
    if (isFolder && (bytes > 0 || compressedBytes > NOTHING_DEFLATED_BYTES))
      fault(`${name} is a folder, but has content`);
    if (isFolder && !folders.has(name)) fault(`${name} is a folder without files`);
    if (!isFolder && ((attributes & MS_DOS_FOLDER) !== 0 || (kind !== 0 && kind !== UNIX_FILE)))
      fault(`${name} is not a regular file`);
    if (isFolder && kind !== 0 && kind !== UNIX_FOLDER) fault(`${name} ends with a slash, but is not a folder`);
    if (isOutside(name)) fault(`${name} is not a name within the pack's folder`);
  }
}

/** Whether some system would unpack a file of this name outside of the target folder, or under another name. */
function isOutside(name: string): boolean {
  const steps = name.replace(/\/$/, '').split('/');
  return /^[a-z]:|[\\\0]/i.test(name) || steps.some((step) => ['', '.', '..'].includes(step));
}

/** The folders above a path: `a/` and `a/b/` for `a/b/c`. */
function parentsOf(name: string): string[] {
  return [...name.slice(0, -1).matchAll(/\//g)].map(({ index }) => name.slice(0, index + 1));
}

function checkOrder(read: ReadAt, { entries, at: directoryAt }: ZipDirectory, fault: (what: string) => void): void {
  const inOrder = [...entries].sort((a, b) => a.at - b.at);
  if ((inOrder[0]?.at ?? directoryAt) !== 0) fault('it has data before its first file');
  for (const [n, entry] of inOrder.entries()) {
    const nextAt = inOrder[n + 1]?.at ?? directoryAt;
    try {
      checkEntry(read, entry, nextAt);
    } catch (error) {
      if (!(error instanceof ZipFault)) throw error;
      fault(error.message);
    }
  }
}

/**
 * Compares a file's own header, and the sizes after its content, with the directory. The next file must begin right
 * after them.
 */
function checkEntry(read: ReadAt, entry: ZipEntry, nextAt: number): void {
  const { name, rawName, flags, method, crc, compressedBytes, bytes, at, hasComment } = entry;
  if (hasComment) throw new ZipFault(`${name} has a comment, which is not signed`);
  if ((flags & ~KNOWN_FLAGS) !== 0 || (method !== STORED && method !== DEFLATED))
    throw new ZipFault(`${name} is encrypted, or packed in a way that not every program can unpack`);
  const header = read(at, HEADER_BYTES);
  if (header.length < HEADER_BYTES || header.readUInt32LE(0) !== HEADER)
    throw new ZipFault(`${name} is not where the directory says`);
  const [nameBytes, extraBytes] = [header.readUInt16LE(26), header.readUInt16LE(28)];
  const rest = read(at + HEADER_BYTES, nameBytes + extraBytes);
  const ownName = rest.subarray(0, nameBytes);
  if (!ownName.equals(rawName))
    throw new ZipFault(`${name} has the name ${ownName.toString('utf8')} in its own header`);
  const extra = rest.subarray(nameBytes);
  for (const fields of [entry.extra, extra].map((own) => extraFields(own, name)))
    if (fields.has(UNICODE_PATH) || fields.has(UNICODE_COMMENT)) throw new ZipFault(`${name} has a second name`);
  const isSame = (header.readUInt16LE(6) & ~LEVEL) === (flags & ~LEVEL) && header.readUInt16LE(8) === method;
  const differs = new ZipFault(`${name} has a header that disagrees with the directory`);
  if (!isSame) throw differs;
  const [ownBytes, ownCompressed] = with64([header.readUInt32LE(22), header.readUInt32LE(18)], extra, name);
  const said = [header.readUInt32LE(14), ownCompressed, ownBytes];
  const known = [crc, compressedBytes, bytes];
  const endsAt = at + HEADER_BYTES + nameBytes + extraBytes + compressedBytes;
  if ((flags & SIZES_FOLLOW) === 0) {
    if (said.some((value, i) => value !== known[i])) throw differs;
    if (endsAt !== nextAt)
      throw new ZipFault(`there is data after ${name} that belongs to no file, or two files share data`);
    return;
  }
  if (said.some((value, i) => value !== 0 && value !== known[i])) throw differs;
  const following = descriptorOf(read(endsAt, Math.min(24, Math.max(0, nextAt - endsAt))), nextAt - endsAt);
  if (following === undefined)
    throw new ZipFault(`there is data after ${name} that belongs to no file, or two files share data`);
  if (following.some((value, i) => value !== known[i])) throw differs;
}

/**
 * The CRC-32 and sizes after a file's content. They may begin with a signature, and may have 32 or 64 bits: the length
 * shows which form it is.
 */
function descriptorOf(
  bytes: Buffer,
  length: number,
): [crc: number, compressedBytes: number, bytes: number] | undefined {
  const hasSignature = length === 16 || length === 24;
  if (![12, 16, 20, 24].includes(length) || bytes.length !== length) return undefined;
  if (hasSignature && bytes.readUInt32LE(0) !== DESCRIPTOR) return undefined;
  const own = hasSignature ? bytes.subarray(4) : bytes;
  const crc = own.readUInt32LE(0);
  return own.length === 12
    ? [crc, own.readUInt32LE(4), own.readUInt32LE(8)]
    : [crc, numberAt(own, 4), numberAt(own, 12)];
}
