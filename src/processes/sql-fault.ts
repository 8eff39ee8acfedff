/** A position in the SQL; all numbers begin at 1. */
export interface SqlPosition {
  /** The distance from the start of the SQL, in characters as JavaScript counts them: UTF-16 units. */
  offset: number;
  line: number;
  column: number;
}

export interface SqlFaultData {
  /**
   * `params` if the parameters are wrong, `sql` if the query is. `memory`: the query needed more memory than it may
   * have.
   */
  kind: 'sql' | 'params' | 'memory';
  position?: SqlPosition | undefined;
}

/** SQLite puts whole values into its messages, and a server would have to keep and parse such a message. */
const MOST_MESSAGE_CHARACTERS = 1000;

/** A query that can't be answered as it is. The message is SQLite's own, cut if it is too long, or a sentence. */
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

/** Returns the position of a UTF-16 unit of the text; `offset` begins at 0. */
export function positionAt(sql: string, index: number): SqlPosition {
  const before = sql.slice(0, index);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { offset: index + 1, line: before.split('\n').length, column: index - lineStart + 1 };
}
