import { type Benchmark, inMs, median, percentile } from './support/benchmark.ts';
import { drawInvocations } from './support/draw-questions.ts';
import { serveArchive } from './support/serve-archive.ts';

const INVOCATIONS = 1_000_000;
const FULL = { rounds: 5, draws: 40 };
const SHORT = { rounds: 1, draws: 2 };
/** The most time that a whole answer may take on the server, at the 95th percentile. */
const LIMIT_MS = 100;
const MS_A_DAY = 86_400_000;

interface Kind {
  name: string;
  paths: string[];
  /**
   * For an answer that reads more than an index can find, the limit applies only to its first part. The time of the
   * whole answer is only printed.
   */
  isProgressive?: boolean;
}

/** Asks for every page of the console, one after another, with ids and names that the archive has. */
export const consolePages: Benchmark = {
  name: 'console',
  about: "the server's time for every page of the console; the limit is 100 ms at the 95th percentile",
  async run({ invocations = INVOCATIONS, isShort, folder, archiveOf, say }) {
    const { rounds, draws } = isShort ? SHORT : FULL;
    const path = await archiveOf(invocations);
    const server = await serveArchive(path, folder);
    const worst: { name: string; p95: number }[] = [];
    say(`${''.padEnd(34)} first byte: p50, p95 ${'whole: p50, p95'.padStart(24)}`);
    for (const kind of kindsOf(path, draws)) {
      const times: Times[] = [];
      for (let round = 0; round <= rounds; round++) {
        for (const address of kind.paths) {
          const time = await get(server.url + address);
          // The first round warms the caches and is not counted.
          if (round > 0) times.push(time);
        }
      }
      const [first, whole] = [times.map((time) => time.firstMs), times.map((time) => time.wholeMs)];
      const of = (ms: number[]) => `${inMs(median(ms))}, ${inMs(percentile(ms, 0.95))}`;
      say(`${kind.name.padEnd(34)} ${of(first).padStart(20)} ${of(whole).padStart(24)}`);
      worst.push({ name: kind.name, p95: percentile(kind.isProgressive ? first : whole, 0.95) });
    }
    await server.end();
    const slowest = worst.reduce((a, b) => (b.p95 > a.p95 ? b : a));
    const goals = [
      {
        what: `p95 of the slowest page (${slowest.name}), divided by ${LIMIT_MS} ms; searches and the overview count only with their first part`,
        figure: slowest.p95 / LIMIT_MS,
        atMost: 1,
      },
    ];
    return { goals, compared: { nothing: 'there is no other program with these pages' } };
  },
};

interface Times {
  firstMs: number;
  wholeMs: number;
}

/** The time until the headers have arrived, and until the last byte has arrived. */
async function get(url: string): Promise<Times> {
  const begun = performance.now();
  const reply = await fetch(url, { headers: { accept: 'text/html' } });
  const reader = reply.body?.getReader();
  await reader?.read();
  const firstMs = performance.now() - begun;
  while (reader && !(await reader.read()).done);
  if (reply.status !== 200) throw new Error(`${url}: ${reply.status}`);
  return { firstMs, wholeMs: performance.now() - begun };
}

function kindsOf(path: string, draws: number): Kind[] {
  const drawn = drawInvocations(path, draws);
  const segment = encodeURIComponent;
  const day = (at: string, days = 0) => new Date(Date.parse(at) + days * MS_A_DAY).toISOString().slice(0, 10);
  const list = (fields: (row: (typeof drawn)[number]) => Record<string, string>) =>
    drawn.map((row) => `/invocations?${new URLSearchParams(fields(row))}`);
  const span = (at: string) => `from=${day(at, -29)}&to=${day(at, 1)}`;
  return [
    { name: 'overview of thirty days', paths: drawn.map((row) => `/?${span(row.requested_at)}`), isProgressive: true },
    { name: 'invocations', paths: ['/invocations'] },
    {
      name: 'invocations of a day',
      paths: list((row) => ({ from: day(row.requested_at), to: day(row.requested_at, 1) })),
    },
    { name: 'invocations of a node', paths: list((row) => ({ instance: row.instance_id })) },
    {
      name: 'a node’s failures in a month',
      paths: list((row) => ({
        ...{ instance: row.instance_id, status: 'Failed' },
        ...{ from: day(row.requested_at, -15), to: day(row.requested_at, 15) },
      })),
    },
    {
      name: 'a document’s failures in a month',
      paths: list((row) => ({
        ...{ document: row.document_name, status: 'Failed,TimedOut' },
        ...{ from: day(row.requested_at, -15), to: day(row.requested_at, 15) },
      })),
    },
    { name: 'invocations of a command', paths: list((row) => ({ command: row.command_id })) },
    { name: 'search of outputs', paths: list(() => ({ q: '"no space left"' })).slice(0, 3), isProgressive: true },
    {
      name: 'invocations by a name’s beginning',
      paths: list((row) => ({ name: row.instance_name })).slice(0, 5),
      isProgressive: true,
    },
    {
      name: 'invocation',
      paths: drawn.map(
        (row) => `/invocations/${row.account_id}/${row.region}/${segment(row.command_id)}/${segment(row.instance_id)}`,
      ),
    },
    {
      name: 'comparison with the previous run',
      paths: drawn
        .slice(draws / 2)
        .map(
          (row) =>
            `/compare?${new URLSearchParams({ left: [row.account_id, row.region, row.command_id, row.instance_id].join('/'), right: 'previous' })}`,
        ),
    },
    { name: 'commands', paths: ['/commands'] },
    {
      name: 'command',
      paths: drawn.map((row) => `/commands/${row.account_id}/${row.region}/${segment(row.command_id)}`),
    },
    { name: 'nodes', paths: drawn.map((row) => `/nodes?begin=${segment(row.instance_id)}`) },
    {
      name: 'page of a node over a month',
      paths: drawn.map(
        (row) => `/nodes/${row.account_id}/${row.region}/${segment(row.instance_id)}?${span(row.requested_at)}`,
      ),
    },
    { name: 'documents', paths: ['/documents'] },
    {
      name: 'page of a document over a month',
      paths: drawn.map((row) => `/documents/${segment(row.document_name)}?${span(row.requested_at)}`),
    },
    {
      name: 'suggestions for a node',
      paths: drawn.map((row) => `/suggestions?field=instanceId&begin=${row.instance_id.slice(0, 5)}`),
    },
    ...['/coverage', '/integrity', '/collector', '/collector/sweeps', '/reports', '/sql', '/evidence', '/display'].map(
      (page) => ({ name: page, paths: [page] }),
    ),
  ];
}
