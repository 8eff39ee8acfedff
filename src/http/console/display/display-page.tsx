import { visibleText } from '../../../lib/text/visible-text.ts';
import { KeysTable } from '../frame/keys-help.tsx';
import { THEMES, useDisplay } from '../parts/values/display.ts';

/** `/display`: the form to choose how this browser shows the pages. */
export function DisplayPage({ next, wrongZone }: { next: string; wrongZone?: string }) {
  const { zone, theme, keys } = useDisplay();
  return (
    <>
      <h1>Display</h1>
      {wrongZone !== undefined && (
        <p class="note bad" role="alert">
          This server knows no time zone “{visibleText(wrongZone)}”: give one such as UTC or Europe/Berlin.
        </p>
      )}
      <form class="stacked" method="post" action="/display">
        <input type="hidden" name="next" value={next} />
        <label>
          Times in
          <input name="zone" value={zone} list="zones" autocomplete="off" spellcheck={false} required />
        </label>
        <datalist id="zones">
          {['UTC', ...Intl.supportedValuesOf('timeZone')].map((one) => (
            <option value={one} />
          ))}
        </datalist>
        <p class="quiet">Days, and times that you type into fields, stay in UTC, as in the archive and in its API.</p>
        <fieldset>
          <legend>Colours</legend>
          {(['auto', 'light', 'dark'] as const).map((one) => (
            <label class="choice">
              <input type="radio" name="theme" value={one} checked={one === theme} /> {THEMES[one]}
            </label>
          ))}
        </fieldset>
        <fieldset>
          <legend>Single keys</legend>
          <label class="choice">
            <input type="radio" name="keys" value="on" checked={keys === 'on'} /> do what the table below says
          </label>
          <label class="choice">
            <input type="radio" name="keys" value="off" checked={keys === 'off'} /> do nothing
          </label>
        </fieldset>
        <button class="main" type="submit">
          Save
        </button>
      </form>
      <h2>Keys</h2>
      <KeysTable />
    </>
  );
}
