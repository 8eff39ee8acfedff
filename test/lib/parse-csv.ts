/** Reads RFC 4180 strictly: every line must end with CRLF, and only a quoted cell may have a quote. */
export function parseCsv(text: string): string[][] {
  const lines: string[][] = [];
  let at = 0;
  while (at < text.length) {
    const cells: string[] = [];
    for (;;) {
      const [cell, end] = text[at] === '"' ? quotedCell(text, at) : bareCell(text, at);
      cells.push(cell);
      at = end + 1;
      if (text[end] === ',') continue;
      if (text.slice(end, end + 2) !== '\r\n') throw new Error(`The cell at ${at} has no end.`);
      at = end + 2;
      break;
    }
    lines.push(cells);
  }
  return lines;
}

function quotedCell(text: string, start: number): [cell: string, end: number] {
  let cell = '';
  for (let i = start + 1; ; i++) {
    if (i >= text.length) throw new Error('A quoted cell is not closed.');
    if (text[i] !== '"') cell += text[i];
    else if (text[i + 1] === '"') {
      cell += '"';
      i += 1;
    } else return [cell, i + 1];
  }
}

function bareCell(text: string, start: number): [cell: string, end: number] {
  let end = start;
  while (end < text.length && text[end] !== ',' && text[end] !== '\r' && text[end] !== '\n') {
    if (text[end] === '"') throw new Error('There is a quote in a cell that is not quoted.');
    end += 1;
  }
  return [text.slice(start, end), end];
}
