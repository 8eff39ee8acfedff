/** A table in the list on the page. */
export interface Table {
  name: string;
  about: string;
  columns: { name: string; type: string; about: string }[];
}

/** Reads the page's list of tables. */
export function readSchema(list: Element): Table[] {
  return [...list.querySelectorAll<HTMLElement>('[data-table]')].map((table) => ({
    name: table.dataset.table ?? '',
    about: table.querySelector('p')?.textContent ?? '',
    columns: [...table.querySelectorAll<HTMLElement>('[data-column]')].map((column) => ({
      name: column.dataset.column ?? '',
      type: column.dataset.type ?? '',
      about: column.querySelector('span')?.textContent ?? '',
    })),
  }));
}

/** Turns each name in the list into a button that inserts the name where the cursor is. */
export function offerNames(list: Element, insert: (name: string) => void): void {
  for (const table of list.querySelectorAll<HTMLElement>('[data-table]')) {
    const name = table.dataset.table ?? '';
    const button = buttonOf(`Insert ${name}`, () => insert(name));
    table.querySelector('p')?.after(button);
    for (const column of table.querySelectorAll<HTMLElement>('[data-column]')) {
      const own = column.dataset.column ?? '';
      const inner = buttonOf(own, () => insert(own));
      inner.setAttribute('aria-label', `Insert ${own}`);
      column.querySelector('code')?.replaceWith(inner);
    }
  }
}

function buttonOf(text: string, onClick: () => void): HTMLButtonElement {
  const button = Object.assign(document.createElement('button'), { type: 'button', textContent: text });
  button.className = 'insert';
  button.addEventListener('click', onClick);
  return button;
}
