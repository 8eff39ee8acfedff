/** Where in the SQL, all from 1. */
export interface SqlPosition {
  /** In characters, as JavaScript counts them: UTF-16 units. */
  offset: number;
  line: number;
  column: number;
}

export interface SqlFaultData {
  /** `params` where they are at fault, `sql` for the query. `memory`: it needed more than it may have. */
  kind: 'sql' | 'params' | 'memory';
  position?: SqlPosition | undefined;
}

/** SQLite puts whole values into what it says: the server would have to hold and to parse them. */
const MOST_MESSAGE_CHARACTERS = 1000;

/** A query that can't be answered as it is; the message is SQLite's own, or a sentence, cut where it goes on for ever. */
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

/** The position of a UTF-16 unit of the text, which counts from 0. */
export function positionAt(sql: string, index: number): SqlPosition {
  const before = sql.slice(0, index);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { offset: index + 1, line: before.split('\n').length, column: index - lineStart + 1 };
}
