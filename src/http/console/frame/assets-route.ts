import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleDeps } from '../console-deps.ts';
import { readAsset } from './assets.ts';
import { respondNotFound } from './respond-page.tsx';

const FOR_EVER = {
  'cache-control': 'public, max-age=31536000, immutable',
  'x-content-type-options': 'nosniff',
};

/** `/assets/…`: stylesheets and scripts. The content of a file with a given name never changes. */
export function addAssetsRoute(app: ConsoleApp, deps: ConsoleDeps): void {
  app.get('/assets/:name', (c) => {
    const asset = readAsset(c.req.param('name'));
    if (!asset) return respondNotFound(deps, c, 'This file');
    return c.body(asset.text, 200, { 'content-type': asset.type, ...FOR_EVER });
  });
}
