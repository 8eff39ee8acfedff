import { html } from 'hono/html';
import { visibleText } from '../../lib/text/visible-text.ts';
import type { AskedFault } from '../console/parts/questions/asked-faults.ts';
import { pathWithout } from '../console/parts/questions/path-without.ts';
import { smallPage } from '../small-page.ts';

export interface LoginPageContent {
  /** The address that opens after the login. */
  next: string;
  /** A sentence that says why the last login failed. */
  error?: string | undefined;
  /**
   * Whether a link on another site led here. The browser then did not send the session's cookie, and the question in
   * the address runs only after a click.
   */
  isLinked?: boolean | undefined;
}

/** The page that asks for a token. */
export function loginPage({ next, error, isLinked = false }: LoginPageContent) {
  return smallPage(
    error ? 'Error: Log in' : 'Log in',
    html`${error ? html`<p class="error" id="error" role="alert">${error}</p>` : ''}
<form method="post" action="/login">
<input type="hidden" name="next" value="${next}">
${isLinked ? html`<input type="hidden" name="linked" value="yes">` : ''}
<label for="token">Token</label>
<input id="token" name="token" type="password" required autofocus autocomplete="current-password" spellcheck="false" ${error ? html`aria-invalid="true" aria-describedby="error"` : html`aria-describedby="hint"`}>
<button>Log in</button>
</form>
<p id="hint">An operator makes tokens on the server: <code>ssm-archive token create --name … --role reader</code></p>
${isLinked ? html`<p>A link on another site led here. If you are logged in already, open it from here: <a href="${next}">${visibleText(next)}</a></p>` : ''}`,
  );
}

/** The page for a wrong address, from which it is not clear where the login should lead. */
export function notUnderstoodPage(faults: readonly AskedFault[], url: string) {
  return smallPage(
    'Log in',
    html`<section class="error" role="alert" id="not-understood"><p>This address was not understood:</p>
<ul>${faults.map(({ parameter, message }) => html`<li><code>${visibleText(parameter)}</code> ${visibleText(message)} <a href="${pathWithout(url, parameter)}">The same page without it</a></li>`)}</ul></section>`,
  );
}
