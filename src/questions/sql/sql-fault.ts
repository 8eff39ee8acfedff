/** A position in the SQL; all numbers begin at 1. */
export interface SqlPosition {
  /** The distance from the start of the SQL, in characters as JavaScript counts them: UTF-16 units. */
  offset: number;
  line: number;
  column: number;
}

export interface SqlFaultData {
  /**
   * `params`: the parameters are wrong. `sql`: the query is wrong. `memory`: the query needed more memory than it may
   * use. `engine`: there is no such engine here.
   */
  kind: 'sql' | 'params' | 'memory' | 'engine';
  position?: SqlPosition | undefined;
}

/** An engine puts whole values into its messages, and a server would have to keep and parse such a message. */
const MOST_MESSAGE_CHARACTERS = 1000;

/**
 * A query that can't be answered as it is. The message is the engine's own (cut if it is too long), or a sentence of
 * this program.
 */
export class SqlFault extends Error {
  override name = 'SqlFault';
  readonly data: SqlFaultData;

  constructor(message: string, data: SqlFaultData, options?: ErrorOptions) {
    super(
      message.length > MOST_MESSAGE_CHARACTERS
        ? `${message.slice(0, MOST_MESSAGE_CHARACTERS).toWellFormed()}…`
        : message,
      options,
    );
    this.data = data;
  }
}

/** Returns the position of the UTF-16 unit at `offset`, which counts from 0. */
export function positionAt(sql: string, index: number): SqlPosition {
  const before = sql.slice(0, index);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { offset: index + 1, line: before.split('\n').length, column: index - lineStart + 1 };
}
