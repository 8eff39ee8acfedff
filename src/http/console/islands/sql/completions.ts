import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { SQLite, type SQLNamespace, sql } from '@codemirror/lang-sql';
import type { Extension } from '@codemirror/state';
import { sqlTokens } from '../../../../questions/sql/sql-tokens.ts';
import type { Table } from './schema.ts';

/** SQLite's language, with completion of names from the schema. */
export function sqlLanguage(tables: readonly Table[]): Extension {
  const schema: SQLNamespace = Object.fromEntries(
    tables.map((table) => [table.name, { self: completionOfTable(table), children: table.columns.map(completionOf) }]),
  );
  return [
    sql({ dialect: SQLite, schema, upperCaseKeywords: true }),
    SQLite.language.data.of({ autocomplete: (context: CompletionContext) => columnsInScope(context, tables) }),
  ];
}

function completionOfTable({ name, about }: Table): Completion {
  return { label: name, type: 'type', info: about };
}

function completionOf({ name, type, about }: Table['columns'][number]): Completion {
  return { label: name, type: 'property', detail: type.toLowerCase(), info: about };
}

/** Columns of all tables in the text, even after the cursor, because SELECT is written before FROM. */
function columnsInScope(context: CompletionContext, tables: readonly Table[]): CompletionResult | null {
  const word = context.matchBefore(/\w*$/);
  if (!word || (word.from === word.to && !context.explicit)) return null;
  if (context.state.sliceDoc(word.from - 1, word.from) === '.') return null;
  const named = new Set<string>();
  for (const { kind, text } of sqlTokens(context.state.doc.toString()))
    if (kind === 'word') named.add(text.toLowerCase());
  const columns = tables.filter(({ name }) => named.has(name)).flatMap((table) => table.columns);
  const byName = new Map(columns.map((column) => [column.name, completionOf(column)]));
  return { from: word.from, options: [...byName.values()], validFor: /^\w*$/ };
}
