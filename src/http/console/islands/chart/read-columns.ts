import type { Column } from './column.ts';

const TIME = /^\d{4}-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?Z)?)?$/;

/** Reads the columns of a table on the page. A chart can show only what its table shows. */
export function readColumns(table: HTMLTableElement): Column[] {
  const rows = [...(table.tBodies[0]?.rows ?? [])];
  return [...(table.tHead?.rows[0]?.cells ?? [])].map((head, n) => {
    const cells = rows.map((row) => row.cells[n]);
    const texts = cells.map((cell) => cell?.textContent ?? '');
    const isNull = cells.map((cell) => !cell || cell.querySelector('.null') !== null);
    const name = head.textContent ?? '';
    if (head.classList.contains('number'))
      return { name, kind: 'number', texts, isNull, values: valuesOf(texts, isNull, Number) };
    const isTime = texts.length > 0 && texts.every((text, i) => isNull[i] || TIME.test(text)) && isNull.includes(false);
    if (isTime)
      return { name, kind: 'time', texts, isNull, values: valuesOf(texts, isNull, (text) => Date.parse(text) / 1000) };
    return { name, kind: 'text', texts, isNull, values: texts.map(() => null) };
  });
}

function valuesOf(texts: readonly string[], isNull: readonly boolean[], read: (text: string) => number) {
  return texts.map((text, i) => {
    const value = isNull[i] ? Number.NaN : read(text);
    return Number.isFinite(value) ? value : null;
  });
}
