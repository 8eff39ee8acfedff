import { type Data, makeData } from 'apache-arrow/data';
import { Binary, type DataType, Decimal, Float64, Int64, Utf8 } from 'apache-arrow/type';
import { type ColumnType, cellsOfKind, type FileCell } from './column-file.ts';

/** Arrow's decimals have 128 bits, in words of 32. */
const DECIMAL_BITS = 128;
const WORD_BITS = 32;
const WORDS_OF_DECIMAL = 4;

/** Returns the type that a column has in Arrow. */
export function arrowTypeOf(type: ColumnType): DataType {
  switch (type.kind) {
    case 'integer':
      return new Int64();
    case 'real':
      return new Float64();
    case 'text':
      return new Utf8();
    case 'bytes':
      return new Binary();
    case 'decimal':
      return new Decimal(type.scale, type.precision, DECIMAL_BITS);
  }
}

/**
 * Returns the values of a column as Arrow keeps them. The library's own builders make the same, one value at a time,
 * and take several times as long.
 */
export function arrowDataOf(type: ColumnType, cells: readonly FileCell[]): Data {
  const common = { length: cells.length, ...validityOf(cells) };
  switch (type.kind) {
    case 'integer':
      return makeData({
        type: new Int64(),
        ...common,
        data: BigInt64Array.from(cellsOfKind(cells, 'bigint'), (cell) => cell ?? 0n),
      });
    case 'real':
      return makeData({
        type: new Float64(),
        ...common,
        data: Float64Array.from(cellsOfKind(cells, 'number'), (cell) => cell ?? 0),
      });
    case 'text':
      return makeData({ type: new Utf8(), ...common, ...textsOf(cellsOfKind(cells, 'string')) });
    case 'bytes':
      return makeData({ type: new Binary(), ...common, ...bytesOf(cells) });
    case 'decimal':
      return makeData({
        type: new Decimal(type.scale, type.precision, DECIMAL_BITS),
        ...common,
        data: wordsOf(cellsOfKind(cells, 'bigint')),
      });
  }
}

/** Returns a bitmap in which the bit of each value that is not NULL is set, and the number of NULLs. */
function validityOf(cells: readonly FileCell[]): { nullBitmap: Uint8Array; nullCount: number } {
  const nullBitmap = new Uint8Array(Math.ceil(cells.length / 8));
  let nullCount = 0;
  for (let n = 0; n < cells.length; n++) {
    if (cells[n] === null) nullCount += 1;
    else nullBitmap[n >> 3] = (nullBitmap[n >> 3] ?? 0) | (1 << (n & 7));
  }
  return { nullBitmap, nullCount };
}

function textsOf(cells: readonly (string | null)[]): { valueOffsets: Int32Array; data: Uint8Array } {
  const { valueOffsets, size } = offsetsOf(cells, (cell) => Buffer.byteLength(cell));
  const data = Buffer.allocUnsafe(size);
  for (let n = 0; n < cells.length; n++) data.write(cells[n] ?? '', valueOffsets[n] ?? 0);
  return { valueOffsets, data };
}

function bytesOf(cells: readonly FileCell[]): { valueOffsets: Int32Array; data: Uint8Array } {
  const values = cells.map((cell) => (cell instanceof Uint8Array ? cell : null));
  const { valueOffsets, size } = offsetsOf(values, (cell) => cell.length);
  const data = new Uint8Array(size);
  for (let n = 0; n < values.length; n++) data.set(values[n] ?? [], valueOffsets[n] ?? 0);
  return { valueOffsets, data };
}

/** Returns where each value begins, and at the end where the last one ends. A NULL takes no bytes. */
function offsetsOf<Cell>(cells: readonly (Cell | null)[], sizeOf: (cell: Cell) => number) {
  const valueOffsets = new Int32Array(cells.length + 1);
  let size = 0;
  for (const [n, cell] of cells.entries()) {
    size += cell === null ? 0 : sizeOf(cell);
    valueOffsets[n + 1] = size;
  }
  return { valueOffsets, size };
}

function wordsOf(cells: readonly (bigint | null)[]): Uint32Array {
  const words = new Uint32Array(cells.length * WORDS_OF_DECIMAL);
  for (const [n, cell] of cells.entries()) {
    const value = cell ?? 0n;
    for (let word = 0; word < WORDS_OF_DECIMAL; word++)
      words[n * WORDS_OF_DECIMAL + word] = Number(BigInt.asUintN(WORD_BITS, value >> BigInt(word * WORD_BITS)));
  }
  return words;
}
