import { html } from 'hono/html';
import { sha256 } from '../../lib/sha256.ts';

const STYLE = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { max-width: 26rem; margin: 15vh auto 0; padding: 0 1rem; }
label, input, button { display: block; width: 100%; box-sizing: border-box; font: inherit; }
input { margin: .25rem 0 1rem; padding: .5rem; border: 1px solid #767676; border-radius: .25rem; }
button { padding: .5rem; border: 1px solid transparent; border-radius: .25rem; background: #0b5cad; color: #fff; cursor: pointer; }
:focus-visible { outline: 3px solid #e08a00; outline-offset: 2px; }
.error { padding: .5rem .75rem; border-left: .25rem solid #c62828; background: #c628281a; }
`;

/** The page needs nothing from anywhere, and runs no script. Its forms are sent to this server alone. */
export const LOGIN_PAGE_HEADERS = {
  'content-security-policy': `default-src 'none'; style-src 'sha256-${sha256(STYLE).toString('base64')}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  'cache-control': 'no-store',
  // Not "no-referrer": with that, browsers send "Origin: null" with the form.
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
};

/** The page that asks for a token. `next` is where it leads afterwards, `error` a sentence on what was wrong. */
export function loginPage({ next, error }: { next: string; error?: string | undefined }) {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${error ? 'Error: ' : ''}Log in · ssm-archive</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>ssm-archive</h1>
${error ? html`<p class="error" id="error" role="alert">${error}</p>` : ''}
<form method="post" action="/login">
<input type="hidden" name="next" value="${next}">
<label for="token">Token</label>
<input id="token" name="token" type="password" required autofocus autocomplete="current-password" spellcheck="false" ${error ? html`aria-invalid="true" aria-describedby="error"` : html`aria-describedby="hint"`}>
<button>Log in</button>
</form>
<p id="hint">An operator makes tokens on the server: <code>ssm-archive token create --name … --role reader</code></p>
</main>
</body>
</html>`;
}
