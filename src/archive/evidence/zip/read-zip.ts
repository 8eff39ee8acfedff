import { readSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { type Entry, ERR_INVALID_CRC32, type FileEntry, Reader, ZipReader } from '@zip.js/zip.js';
import { systemFault } from '../../../lib/errors/path-fault.ts';
import { ZipFault } from './zip-directory.ts';
import { zipFaults } from './zip-faults.ts';

/** A file of a ZIP, read as a stream. */
export interface ZippedFile {
  name: string;
  bytes: number;
  stream(): AsyncIterable<Uint8Array>;
}

/** The end record of a ZIP is searched for, in memory, in at most this many bytes at the end of the file. */
const MOST_BEHIND_BYTES = 16 * 1024 * 1024;
/** A directory may be at most this large. It is the largest part of a ZIP that is read at once. */
const MOST_READ_BYTES = 512 * 1024 * 1024;
const TOLERANT = { strictness: 'tolerant', maxAppendedDataSize: MOST_BEHIND_BYTES } as const;

/** Reads a file range by range, so that its size does not matter. */
class HandleReader extends Reader<FileHandle> {
  readonly #handle: FileHandle;

  constructor(handle: FileHandle, size: number) {
    super(handle);
    this.#handle = handle;
    this.size = size;
  }

  override async readUint8Array(index: number, length: number): Promise<Uint8Array> {
    // A damaged directory may claim any size. Node ends the process if it can't allocate as many bytes.
    if (index < 0 || !Number.isSafeInteger(index)) throw new ZipFault('its directory is damaged');
    const most = Math.min(length, Math.max(0, this.size - index));
    if (!(most <= MOST_READ_BYTES)) throw new ZipFault('its directory is damaged');
    const { buffer, bytesRead } = await this.#handle.read(Buffer.alloc(most), 0, most, index);
    return buffer.subarray(0, bytesRead);
  }
}

export interface OpenZip {
  files: Map<string, ZippedFile>;
  /** Sentences about what other programs could unpack differently; see zipFaults. */
  faults: string[];
  close(): Promise<void>;
}

/** Opens a ZIP file. Throws ZipFault, which says what is wrong, if the file is not a ZIP. */
export async function openZip(path: string): Promise<OpenZip> {
  const handle = await open(path, 'r').catch((error: unknown) => {
    throw unread(error);
  });
  try {
    const stat = await handle.stat();
    if (stat.isDirectory()) throw new ZipFault('it is a folder, not a pack');
    const { size } = stat;
    const faults = zipFaults((at, length) => readAt(handle.fd, at, length), size);
    const files = new Map<string, ZippedFile>();
    for (const entry of (await entriesOf(handle, size, faults)).filter(isFile)) {
      const { filename: name, uncompressedSize: bytes } = entry;
      files.set(name, { name, bytes, stream: () => contentOf(entry) });
    }
    return { files, faults, close: () => handle.close() };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Reads a ZIP with faults as far as possible, so that its other faults are reported too. */
async function entriesOf(handle: FileHandle, size: number, [fault]: readonly string[]): Promise<Entry[]> {
  const options = { useWebWorkers: false, checkCrc32: true, ...(fault !== undefined && TOLERANT) };
  try {
    return await new ZipReader(new HandleReader(handle, size), options).getEntries();
  } catch (error) {
    throw unread(error, fault ?? 'its directory is damaged');
  }
}

function readAt(fd: number, at: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let done = 0;
  for (let read = -1; read !== 0 && done < length; done += read)
    read = readSync(fd, bytes, done, length - done, at + done);
  return bytes.subarray(0, done);
}

function isFile(entry: Entry): entry is FileEntry {
  return !entry.directory;
}

async function* contentOf(entry: FileEntry): AsyncGenerator<Uint8Array> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const written = entry.getData(writable).catch(async (error: unknown) => {
    // An error before the first byte must be passed on here, or the reader would wait forever.
    await writable.abort(error).catch(() => {});
    throw error;
  });
  // The reader gets the error from the stream, so this promise needs no other handler.
  written.catch(() => {});
  let bytes = 0;
  try {
    for await (const chunk of readable) {
      bytes += chunk.length;
      // The caller relies on the size that the directory states.
      if (bytes > entry.uncompressedSize) throw new ZipFault(`its ${entry.filename} is larger than the ZIP says`);
      yield chunk;
    }
    await written;
  } catch (error) {
    throw unread(error, damageOf(entry.filename, error));
  }
}

/** A message for users, instead of the ZIP library's message for programmers. */
function damageOf(name: string, error: unknown): string {
  return error instanceof Error && error.message === ERR_INVALID_CRC32
    ? `its ${name} is damaged: its checksum differs from the one in the ZIP`
    : `its ${name} is damaged and can't be unpacked`;
}

/** The fault of a failed read. If the system refused the read, the fault names the path. */
function unread(error: unknown, damage = "it can't be opened"): ZipFault {
  if (error instanceof ZipFault) return error;
  return new ZipFault(systemFault(error) ?? damage, { cause: error });
}
