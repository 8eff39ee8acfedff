import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { configure, ZipWriter } from '@zip.js/zip.js';

// Use no threads: files are packed one after the other, so that other work can use the other cores.
configure({ useWebWorkers: false });

/** Writes a ZIP file of a folder's files, all with one time stamp. Fails if the file exists already. */
export async function zipFolder(folder: string, names: readonly string[], path: string, at: Date): Promise<void> {
  const zip = new ZipWriter(Writable.toWeb(createWriteStream(path, { flags: 'wx' })), { lastModDate: at });
  for (const name of names)
    await zip.add(name, Readable.toWeb(createReadStream(join(folder, name))) as ReadableStream<Uint8Array>);
  await zip.close();
}
