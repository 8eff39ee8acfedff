import * as z from 'zod/mini';

const KEY = 'ssm-archive.sql-history';
const MOST_KEPT = 50;
/** A browser stores only a few megabytes for a whole site. */
const MOST_CHARACTERS = 20_000;
const MOST_SHOWN = 100;

const Entries = z.array(z.object({ sql: z.string(), at: z.string() }));
type Entry = z.output<typeof Entries>[number];

export interface QueryHistory {
  /** Puts a question first in the list, and removes an earlier entry of the same question. */
  add(sql: string): void;
}

/**
 * Adds a list to the end of `place`: the questions that were asked in this browser, the newest first. They are kept
 * only in this browser.
 */
export function openHistory(place: Element, onChoose: (sql: string) => void): QueryHistory {
  const details = Object.assign(document.createElement('details'), { className: 'history' });
  const summary = document.createElement('summary');
  const list = document.createElement('ol');
  const clear = Object.assign(document.createElement('button'), { type: 'button', textContent: 'Clear the history' });
  details.append(summary, list, clear);
  place.append(details);

  const show = (entries: readonly Entry[]) => {
    summary.textContent = `History (${entries.length})`;
    list.replaceChildren(...entries.map((entry) => lineOf(entry, onChoose)));
    clear.hidden = entries.length === 0;
  };
  clear.addEventListener('click', () => {
    write([]);
    show([]);
    summary.focus();
  });
  show(read());
  return {
    add(sql) {
      if (sql.length > MOST_CHARACTERS) return;
      const others = read().filter((entry) => entry.sql !== sql);
      const entries = [{ sql, at: new Date().toISOString() }, ...others].slice(0, MOST_KEPT);
      write(entries);
      show(entries);
    },
  };
}

function lineOf({ sql, at }: Entry, onChoose: (sql: string) => void): HTMLLIElement {
  const line = document.createElement('li');
  const button = Object.assign(document.createElement('button'), { type: 'button', className: 'insert' });
  const short = sql.replaceAll(/\s+/g, ' ').trim();
  button.textContent = short.length > MOST_SHOWN ? `${short.slice(0, MOST_SHOWN)}…` : short;
  button.addEventListener('click', () => onChoose(sql));
  const time = Object.assign(document.createElement('time'), { dateTime: at, className: 'quiet' });
  time.textContent = `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;
  line.append(button, ' ', time);
  return line;
}

/** Reads the history. It is empty if it can't be read, or if this browser keeps nothing. */
function read(): Entry[] {
  try {
    return Entries.parse(JSON.parse(localStorage.getItem(KEY) ?? '[]'));
  } catch {
    return [];
  }
}

function write(entries: readonly Entry[]): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(entries));
  } catch {
    // The browser keeps nothing for this site, or has no room left. The page works without a history too.
  }
}
