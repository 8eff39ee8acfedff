import type { PropsWithChildren } from 'hono/jsx';
import { visibleText } from '../../../lib/text/visible-text.ts';
import { HatchPattern } from '../parts/coverage/hatch.tsx';
import { THEMES, useDisplay } from '../parts/values/display.ts';
import { Time } from '../parts/values/values.tsx';
import { type AssetName, pathOfAsset } from './assets.ts';
import { KeysHelp } from './keys-help.tsx';

const SECTIONS = [
  ['/', 'Overview'],
  ['/invocations', 'Invocations'],
  ['/commands', 'Commands'],
  ['/nodes', 'Nodes'],
  ['/documents', 'Documents'],
  ['/sql', 'SQL'],
  ['/reports', 'Reports'],
  ['/coverage', 'Coverage'],
  ['/integrity', 'Integrity'],
  ['/collector', 'Collector'],
  ['/glossary', 'Glossary'],
] as const;

export type Section = (typeof SECTIONS)[number][0];

export interface Frame {
  title: string;
  section?: Section | undefined;
  /** Whether the page has a button to log out. The caller `local`, who has no token, does not need one. */
  canLogOut: boolean;
  /** The host and port by which the browser calls the server. */
  host: string;
  /** The page's own path and query, for forms that return to the page. */
  path: string;
  nonce: string;
  /** When the page was made, as an ISO time. */
  madeAt: string;
  /** One more script, besides the script of every page. */
  script?: Extract<AssetName, `${string}.js`> | undefined;
  /** One more stylesheet, besides the stylesheet of every page. */
  style?: Extract<AssetName, `${string}.css`> | undefined;
}

/** The frame of every page. */
export function Layout(props: PropsWithChildren<Frame>) {
  const { title, section, canLogOut, host, path, nonce, madeAt, script, style, children } = props;
  const { theme, keys, zone } = useDisplay();
  return (
    <html lang="en" data-theme={theme} data-keys={keys}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${visibleText(title)} · ssm-archive`}</title>
        <link rel="stylesheet" href={pathOfAsset('console.css')} />
        {style && <link rel="stylesheet" href={pathOfAsset(style)} />}
        <link rel="icon" href="data:," />
        <script type="module" src={pathOfAsset('console.js')} nonce={nonce} />
        {/* This script starts before the page is complete: a page may still be waiting for its query. */}
        {script && <script type="module" async src={pathOfAsset(script)} nonce={nonce} />}
      </head>
      <body>
        <a class="skip" href="#main">
          Skip to the content
        </a>
        <header class="top">
          <a class="name" href="/">
            ssm-archive
          </a>
          <nav aria-label="Sections">
            <ul class="sections">
              {SECTIONS.map(([to, name]) => (
                <li>
                  <a href={to} aria-current={to === section ? 'page' : undefined}>
                    {name}
                  </a>
                </li>
              ))}
            </ul>
          </nav>
          <div class="aside">
            <DisplayMenu path={path} />
            <a href="/docs">API</a>
            {canLogOut && (
              <form class="inline" method="post" action="/logout">
                <button type="submit">Log out</button>
              </form>
            )}
          </div>
        </header>
        <main id="main" tabindex={-1}>
          {children}
        </main>
        <footer class="on-paper">
          ssm-archive, {visibleText(`${host}${path}`)}. Printed as of <Time at={madeAt} /> ({madeAt}). Times are in the
          time zone {zone}; days, and times that you type into fields, are in UTC.
        </footer>
        <HatchPattern />
        <KeysHelp />
      </body>
    </html>
  );
}

/**
 * Always shows the time zone of the page, and has a button for each other choice. The script adds the browser's own
 * zone.
 */
function DisplayMenu({ path }: { path: string }) {
  const { zone, theme } = useDisplay();
  return (
    <details class="menu">
      <summary>
        <span class="quiet">Times in</span> {zone}
      </summary>
      <form method="post" action="/display">
        <input type="hidden" name="next" value={path} />
        <p>Times in</p>
        <button type="submit" name="zone" value="UTC" aria-pressed={String(zone === 'UTC')}>
          UTC
        </button>
        {zone !== 'UTC' && (
          <button type="submit" name="zone" value={zone} aria-pressed="true">
            {zone}
          </button>
        )}
        <button type="submit" name="zone" data-own-zone hidden>
          This browser’s
        </button>
        <a href={`/display?next=${encodeURIComponent(path)}`}>Another zone, keys</a>
        <p>Colours</p>
        {(['auto', 'light', 'dark'] as const).map((one) => (
          <button type="submit" name="theme" value={one} aria-pressed={String(theme === one)}>
            {THEMES[one]}
          </button>
        ))}
      </form>
    </details>
  );
}
