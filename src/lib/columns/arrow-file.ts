import { makeData } from 'apache-arrow/data';
import { AsyncByteQueue } from 'apache-arrow/io/stream';
import { Message } from 'apache-arrow/ipc/metadata/message';
import { RecordBatchFileWriter } from 'apache-arrow/ipc/writer';
import { RecordBatch } from 'apache-arrow/recordbatch';
import { Field, Schema } from 'apache-arrow/schema';
import { Struct } from 'apache-arrow/type';
import { arrowDataOf, arrowTypeOf } from './arrow-data.ts';
import type { ColumnFile, FileColumn } from './column-file.ts';

/**
 * Begins a file in the file form of Arrow's IPC, which ends with a footer; the stream form has none, and a part of a
 * stream can be taken for the whole. Each batch of rows is a record batch.
 */
export function createArrowFile(
  columns: readonly FileColumn[],
  metadata: ReadonlyMap<string, string>,
  push: (chunk: Uint8Array) => void,
): ColumnFile {
  const schema = new Schema(
    columns.map(({ name, type }) => new Field(name, arrowTypeOf(type), true)),
    new Map(metadata),
  );
  const writer = new WholeFileWriter();
  writer.reset(new PushQueue(push), schema);
  return {
    add(values, rows) {
      const children = columns.map(({ type }, n) => arrowDataOf(type, values[n] ?? []));
      const type = new Struct(schema.fields);
      writer.write(new RecordBatch(schema, makeData({ type, length: rows, nullCount: 0, children })));
    },
    end: () => void writer.finish(),
  };
}

/** Passes bytes on at once. The library's own queue would keep them until somebody reads them. */
class PushQueue extends AsyncByteQueue {
  readonly #push: (chunk: Uint8Array) => void;

  constructor(push: (chunk: Uint8Array) => void) {
    super();
    this.#push = push;
  }

  override write(chunk: Uint8Array): void {
    this.#push(chunk);
  }
}

/**
 * Writes the schema at the beginning too, as Arrow's format demands. The library writes it only into the footer, and
 * then a program that reads a file from its beginning to its end finds none.
 */
class WholeFileWriter extends RecordBatchFileWriter {
  protected override _writeSchema(schema: Schema): this {
    return super._writeSchema(schema)._writeMessage(Message.from(schema));
  }
}
