import { html } from 'hono/html';
import { sha256 } from '../lib/sha256.ts';
import { visibleText } from '../lib/text/visible-text.ts';

const STYLE = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { max-width: 26rem; margin: 15vh auto 0; padding: 0 1rem; overflow-wrap: anywhere; }
label, input, button { display: block; width: 100%; box-sizing: border-box; font: inherit; }
input { margin: .25rem 0 1rem; padding: .5rem; border: 1px solid #767676; border-radius: .25rem; }
button, .button { padding: .5rem; border: 1px solid transparent; border-radius: .25rem; background: #0b5cad; color: #fff; cursor: pointer; }
.button { display: block; text-align: center; text-decoration: none; }
:focus-visible { outline: 3px solid #e08a00; outline-offset: 2px; }
.error { padding: .5rem .75rem; border-left: .25rem solid #c62828; background: #c628281a; }
`;

/** The page loads nothing and runs no script. Its forms can be sent only to this server. */
export const SMALL_PAGE_HEADERS = {
  'content-security-policy': `default-src 'none'; style-src 'sha256-${sha256(STYLE).toString('base64')}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  'cache-control': 'no-store',
  // With "no-referrer", browsers would send "Origin: null" with the form.
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
};

type Content = ReturnType<typeof html>;

/** A page outside the console, for people who are not let in yet. */
export function smallPage(title: string, content: Content) {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · ssm-archive</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>ssm-archive</h1>
${content}
</main>
</body>
</html>`;
}

/**
 * A page with a link to the same address. If a link on another site leads to a route for programs, this page is shown
 * instead of the answer.
 */
export function linkPage({ path, hint }: { path: string; hint: string | undefined }) {
  return smallPage(
    'Opened from another site',
    html`<p>A link on another site led here, so this has not been run:</p>
<p><code>${visibleText(path)}</code></p>
<p><a class="button" href="${path}">Open it</a></p>
${hint === undefined ? '' : html`<p>${hint}</p>`}`,
  );
}

/** Like linkPage, but shown after a login to which a link on another site led. */
export function loggedInPage(path: string) {
  return smallPage(
    'Logged in',
    html`<p>You are logged in. A link on another site led here, so this has not been run:</p>
<p><code>${visibleText(path)}</code></p>
<p><a class="button" href="${path}">Open it</a></p>`,
  );
}

/** A page that says why the server refuses the request of a browser. */
export function refusalPage(sentence: string) {
  return smallPage('Refused', html`<p class="error" role="alert">${sentence}</p>`);
}
