import type { DuckDBType, DuckDBValue } from '@duckdb/node-api';
import { type CsvForm, csvCell } from '../../lib/csv/csv.ts';
import { csvOf, jsonOf, type SqlCell } from '../../questions/sql/encode-value.ts';
import type { DuckDb } from '../parquet/load-duckdb.ts';

/** A number that neither SQLite nor JavaScript has: its digits, or NaN. */
export class ExactText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A value of an answer. What SQLite does not have is text, in the form that DuckDB writes. */
export type LakeCell = SqlCell | ExactText;

/** Returns the function that turns a value of a type of DuckDB into one of an answer. */
export function createCellOf(duckDb: DuckDb, type: DuckDBType): (value: DuckDBValue) => LakeCell {
  const isWhole = WHOLE_NUMBERS.has(duckDb.DuckDBTypeId[type.typeId] ?? '');
  return (value) => {
    if (value === null || typeof value === 'string' || typeof value === 'bigint') return value;
    // SQLite has no booleans: a comparison is 1 or 0 in both engines.
    if (typeof value === 'boolean') return value ? 1n : 0n;
    if (typeof value === 'number') return isWhole ? BigInt(value) : Number.isNaN(value) ? new ExactText('NaN') : value;
    if (value instanceof duckDb.DuckDBBlobValue) return value.bytes;
    if (value instanceof duckDb.DuckDBDecimalValue) return new ExactText(value.toString());
    return nestedJson(duckDb, type, value) ?? String(value);
  };
}

/** The types whose values are whole numbers of JavaScript. Larger ones are bigints already. */
const WHOLE_NUMBERS: ReadonlySet<string> = new Set([
  ...['TINYINT', 'SMALLINT', 'INTEGER', 'UTINYINT', 'USMALLINT', 'UINTEGER'],
]);

/** Returns a value as JSON text. NaN is the text "NaN", since JSON has no such number and NULL is something else. */
export function jsonOfLake(cell: LakeCell): string {
  if (!(cell instanceof ExactText)) return jsonOf(cell);
  return cell.text === 'NaN' ? '"NaN"' : cell.text;
}

/** Returns a value as a cell of CSV. */
export function csvOfLake(cell: LakeCell | undefined, form: CsvForm): string {
  if (!(cell instanceof ExactText)) return csvOf(cell, form);
  return form === 'spreadsheet' ? csvCell(cell.text, form) : cell.text;
}

/**
 * Returns a value that has other values, as JSON: lists and arrays are JSON's arrays, structs its objects, and a map is an
 * array of its keys and values. Undefined for any other value.
 */
function nestedJson(duckDb: DuckDb, type: DuckDBType, value: DuckDBValue): string | undefined {
  const json = (own: DuckDBType | undefined, one: DuckDBValue | undefined): string => {
    if (own === undefined || one === undefined || one === null) return 'null';
    return nestedJson(duckDb, own, one) ?? jsonOfLake(createCellOf(duckDb, own)(one));
  };
  if (value instanceof duckDb.DuckDBListValue && type instanceof duckDb.DuckDBListType)
    return `[${value.items.map((one) => json(type.valueType, one)).join(',')}]`;
  if (value instanceof duckDb.DuckDBArrayValue && type instanceof duckDb.DuckDBArrayType)
    return `[${value.items.map((one) => json(type.valueType, one)).join(',')}]`;
  if (value instanceof duckDb.DuckDBMapValue && type instanceof duckDb.DuckDBMapType) {
    const { keyType, valueType } = type;
    const entries = value.entries.map(
      (one) => `{"key":${json(keyType, one.key)},"value":${json(valueType, one.value)}}`,
    );
    return `[${entries.join(',')}]`;
  }
  if (value instanceof duckDb.DuckDBUnionValue && type instanceof duckDb.DuckDBUnionType)
    return json(type.memberTypes[type.memberTags.indexOf(value.tag)], value.value);
  if (value instanceof duckDb.DuckDBStructValue && type instanceof duckDb.DuckDBStructType) {
    const { entryNames, entryTypes } = type;
    const members = entryNames.map((name, n) => `${JSON.stringify(name)}:${json(entryTypes[n], value.entries[name])}`);
    return `{${members.join(',')}}`;
  }
  return undefined;
}
