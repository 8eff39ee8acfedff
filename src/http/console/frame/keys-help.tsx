/** What single keys do on every page. */
export const KEYS = [
  ['/', 'to the search'],
  ['j, k', 'to the next row, to the previous row'],
  ['Enter', 'open the row'],
  ['n', 'the next page'],
  ['g o', 'Overview'],
  ['g i', 'Invocations'],
  ['g s', 'SQL'],
  ['g c', 'Coverage'],
  ['?', 'this help'],
  ['Esc', 'close it'],
] as const;

export function KeysTable() {
  return (
    <table class="keys">
      <tbody>
        {KEYS.map(([key, what]) => (
          <tr>
            <th scope="row">
              <kbd>{key}</kbd>
            </th>
            <td>{what}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The table of keys. The key `?` opens it, if the browser runs scripts. */
export function KeysHelp() {
  return (
    <dialog id="keys" aria-labelledby="keys-title">
      <h2 id="keys-title">Keys</h2>
      <KeysTable />
      <form method="dialog">
        <button type="submit">Close</button>
      </form>
    </dialog>
  );
}
