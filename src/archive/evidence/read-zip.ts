import { type FileHandle, open } from 'node:fs/promises';
import { type Entry, type FileEntry, Reader, ZipReader } from '@zip.js/zip.js';

/** A file of a ZIP, read as it comes. */
export interface ZippedFile {
  name: string;
  bytes: number;
  stream(): AsyncIterable<Uint8Array>;
}

/** Reads a range of a file at a time, whatever its size. */
class HandleReader extends Reader<FileHandle> {
  readonly #handle: FileHandle;

  constructor(handle: FileHandle, size: number) {
    super(handle);
    this.#handle = handle;
    this.size = size;
  }

  override async readUint8Array(index: number, length: number): Promise<Uint8Array> {
    const { buffer, bytesRead } = await this.#handle.read(Buffer.alloc(length), 0, length, index);
    return buffer.subarray(0, bytesRead);
  }
}

/** Opens a ZIP file. Throws what is wrong with it where it is none. */
export async function openZip(path: string): Promise<{ files: Map<string, ZippedFile>; close(): Promise<void> }> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    const zip = new ZipReader(new HandleReader(handle, size), { useWebWorkers: false, checkSignature: true });
    const entries = (await zip.getEntries()).filter(isFile);
    const files = new Map<string, ZippedFile>();
    for (const entry of entries) {
      if (files.has(entry.filename)) throw new Error(`it has two files of the name ${entry.filename}`);
      files.set(entry.filename, {
        name: entry.filename,
        bytes: entry.uncompressedSize,
        stream: () => contentOf(entry),
      });
    }
    return { files, close: () => handle.close() };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function isFile(entry: Entry): entry is FileEntry {
  return !entry.directory;
}

async function* contentOf(entry: FileEntry): AsyncGenerator<Uint8Array> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const written = entry.getData(writable);
  // Whoever reads hears of it by the stream.
  written.catch(() => {});
  let bytes = 0;
  for await (const chunk of readable) {
    bytes += chunk.length;
    // What is checked by its size must not have another.
    if (bytes > entry.uncompressedSize) throw new Error(`its ${entry.filename} is larger than it says`);
    yield chunk;
  }
  await written;
}
