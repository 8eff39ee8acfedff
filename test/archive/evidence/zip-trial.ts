import { crc32, deflateRawSync } from 'node:zlib';

/** A file of a ZIP to write. It is correct except for the members that are given. */
export interface Part {
  name: string;
  data: Buffer;
  /** The members of the file's own header that differ from the directory. */
  own?: { name?: string; flags?: number; method?: number; crc?: number; bytes?: number; extra?: Buffer };
  /** Fields of the directory. */
  flags?: number;
  extra?: Buffer;
  comment?: string;
  attributes?: number;
  isStored?: boolean;
  /** Bytes before its header that belong to no file. */
  gap?: Buffer;
  /** Bytes in its compressed content, after the end of that content. */
  tail?: Buffer;
}

export interface Whole {
  /** Bytes before the ZIP. `isPrefixCounted`: the offsets in the ZIP include them. */
  prefix?: Buffer;
  isPrefixCounted?: boolean;
  suffix?: Buffer;
  comment?: Buffer;
  beforeDirectory?: Buffer;
  behindDirectory?: Buffer;
  /** Adds a 64-bit end record with this count of files. `isShortLeft`: the short end record only refers to it. */
  count64?: number;
  isShortLeft?: boolean;
  count?: number;
}

const SIZES_FOLLOW = 8;

/** A ZIP of these parts, written byte by byte according to APPNOTE.TXT. */
export function zipOf(parts: readonly Part[], whole: Whole = {}): Buffer {
  const prefix = whole.prefix ?? Buffer.alloc(0);
  let at = whole.isPrefixCounted ? prefix.length : 0;
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  const push = (bytes: Buffer) => {
    files.push(bytes);
    at += bytes.length;
  };
  for (const part of parts) {
    push(part.gap ?? Buffer.alloc(0));
    const { name, data, own = {}, flags = 0, extra = Buffer.alloc(0), comment = '', isStored = false } = part;
    const packed = Buffer.concat([isStored ? data : deflateRawSync(data), part.tail ?? Buffer.alloc(0)]);
    const [method, crc, begin] = [isStored ? 0 : 8, crc32(data), at];
    const ownFlags = own.flags ?? flags;
    const isLater = (ownFlags & SIZES_FOLLOW) !== 0;
    const [ownName, ownExtra] = [Buffer.from(own.name ?? name), own.extra ?? Buffer.alloc(0)];
    const sizes = isLater ? [0, 0, 0] : [own.crc ?? crc, packed.length, own.bytes ?? data.length];
    push(numbers([0x04034b50, 4], [20, 2], [ownFlags, 2], [own.method ?? method, 2], [0, 2], [0x21, 2]));
    push(numbers(...sizes.map((size): [number, number] => [size, 4]), [ownName.length, 2], [ownExtra.length, 2]));
    push(Buffer.concat([ownName, ownExtra, packed]));
    if (isLater) push(numbers([0x08074b50, 4], [own.crc ?? crc, 4], [packed.length, 4], [own.bytes ?? data.length, 4]));
    directory.push(
      numbers([0x02014b50, 4], [0x031e, 2], [20, 2], [flags, 2], [method, 2], [0, 2], [0x21, 2]),
      numbers([crc, 4], [packed.length, 4], [data.length, 4], [Buffer.byteLength(name), 2], [extra.length, 2]),
      numbers([comment.length, 2], [0, 2], [0, 2], [part.attributes ?? 0x81a40000, 4], [begin, 4]),
      ...[Buffer.from(name), extra, Buffer.from(comment)],
    );
  }
  push(whole.beforeDirectory ?? Buffer.alloc(0));
  const entries = Buffer.concat(directory);
  const end = endOf(parts.length, entries.length, at, whole);
  const behind = whole.behindDirectory ?? Buffer.alloc(0);
  return Buffer.concat([prefix, ...files, entries, behind, ...end, whole.suffix ?? Buffer.alloc(0)]);
}

function endOf(parts: number, bytes: number, at: number, whole: Whole): Buffer[] {
  const { comment = Buffer.alloc(0), count64, isShortLeft = false, count = parts } = whole;
  const end64 =
    count64 === undefined
      ? []
      : [
          numbers([0x06064b50, 4], [44, 8], [45, 2], [45, 2], [0, 4], [0, 4], [count64, 8], [count64, 8]),
          numbers([bytes, 8], [at, 8]),
          numbers([0x07064b50, 4], [0, 4], [at + bytes, 8], [1, 4]),
        ];
  const short = isShortLeft ? [0xffff, 0xffff, 0xffffffff, 0xffffffff] : [count, count, bytes, at];
  const [here = 0, all = 0, length = 0, begin = 0] = short;
  return [
    ...end64,
    numbers([0x06054b50, 4], [0, 2], [0, 2], [here, 2], [all, 2], [length, 4], [begin, 4], [comment.length, 2]),
    comment,
  ];
}

/** Numbers of this many bytes each, lowest byte first. */
export function numbers(...values: readonly (readonly [value: number, bytes: number])[]): Buffer {
  return Buffer.concat(
    values.map(([value, bytes]) => {
      const buffer = Buffer.alloc(8);
      buffer.writeBigUInt64LE(BigInt(value));
      return buffer.subarray(0, bytes);
    }),
  );
}
