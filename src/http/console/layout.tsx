import type { PropsWithChildren } from 'hono/jsx';
import { visibleText } from '../../lib/visible-text.ts';
import { stylesheet } from './stylesheet.ts';

const SECTIONS = [
  ['/', 'Overview'],
  ['/invocations', 'Invocations'],
  ['/coverage', 'Coverage'],
  ['/integrity', 'Integrity'],
  ['/collector', 'Collector'],
] as const;

export type Section = (typeof SECTIONS)[number][0];

/** The frame of every page. `canLogOut`: a browser's session, and not a server without tokens. */
export function Layout(props: PropsWithChildren<{ title: string; section?: Section | undefined; canLogOut: boolean }>) {
  const { title, section, canLogOut, children } = props;
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${visibleText(title)} · ssm-archive`}</title>
        <link rel="stylesheet" href={stylesheet().path} />
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
              {SECTIONS.map(([path, name]) => (
                <li>
                  <a href={path} aria-current={path === section ? 'page' : undefined}>
                    {name}
                  </a>
                </li>
              ))}
            </ul>
          </nav>
          <div class="aside">
            <span>All times are UTC</span>
            <a href="/docs">API</a>
            {canLogOut && (
              <form class="inline" method="post" action="/logout">
                <button type="submit">Log out</button>
              </form>
            )}
          </div>
        </header>
        <main id="main">{children}</main>
      </body>
    </html>
  );
}
