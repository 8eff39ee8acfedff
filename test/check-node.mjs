// Ends with 1 where this is not the Node that package.json pins: npm puts that one before the machine's own, unless its
// binary could not be fetched.
import { readFileSync } from 'node:fs';

const { devDependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
if (process.version !== `v${devDependencies.node}`) {
  console.error(
    `This is Node ${process.version}, and package.json pins ${devDependencies.node}. Run it by npm, after "npm ci"; where that could not fetch the binary, "npm rebuild node" tries again.`,
  );
  process.exit(1);
}
