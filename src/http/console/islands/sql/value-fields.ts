import { namedParameters } from '../../../../questions/sql/sql-parameters.ts';

/**
 * Keeps a field for each parameter of the SQL. If a parameter is removed from the SQL and added again, its field has
 * its old value again.
 */
export function keepValueFields(place: Element): (sql: string) => void {
  const known = new Map<string, HTMLLabelElement>();
  for (const label of place.querySelectorAll('label')) {
    const name = label.querySelector('input')?.name;
    if (name !== undefined) known.set(name, label);
  }
  return (sql) => {
    const labels = namedParameters(sql).map((name) => {
      const label = known.get(name) ?? fieldOf(name);
      known.set(name, label);
      return label;
    });
    // A field in which somebody is typing must not be removed.
    const isSame = labels.length === place.children.length && labels.every((label, i) => place.children[i] === label);
    if (!isSame) place.replaceChildren(...labels);
  };
}

function fieldOf(name: string): HTMLLabelElement {
  const label = document.createElement('label');
  const code = Object.assign(document.createElement('code'), { textContent: name });
  const input = Object.assign(document.createElement('input'), { name, autocomplete: 'off', spellcheck: false });
  label.append(code, input);
  return label;
}
