// canary 75b53eb1708ef6e6efe6c7c7
import { eventually, readMetrics, rule, show, step, Unmet } from '#suite';
import type { Metric, Sample } from '#suite';
import { must, newNote, openApp, whileMailHangs } from './stage.ts';
import type { Opened } from './stage.ts';

type Metrics = ReadonlyMap<string, Metric>;
type Wanted = Readonly<Record<string, string>>;

const COUNTER = 'http_requests_total';
const HISTOGRAM = 'http_request_duration_seconds';
const GAUGE = 'http_requests_in_flight';

rule('R8', async (t) => {
  const opened = await openApp(t);
  const { app, token } = opened;
  const other = await openApp(t, { log: 'other' });
  await step(t, 'with the token', () => scrape(opened));
  for (const [what, headers] of [
    ['without a token', {}],
    ['another token', { Authorization: `Bearer ${t.random.word(24)}` }],
    ['a part of the token', { Authorization: `Bearer ${token.slice(0, -1)}` }],
    ['more than the token', { Authorization: `Bearer ${token}${t.random.word(1)}` }],
    ['something before the token', { Authorization: `Bearer ${t.random.word(1)}${token}` }],
    ['an empty token', { Authorization: 'Bearer ' }],
    // As many characters, and one byte more where it is written as UTF-8.
    ['a sign beyond ASCII', { Authorization: `Bearer ${token.slice(0, -1)}\u00e9` }],
    ['another scheme', { Authorization: `Basic ${token}` }],
    ['the token without a scheme', { Authorization: token }],
  ] as const) {
    await step(t, what, async () => void (await app.get('/metrics', { headers })).mustBe(401));
  }
  const before = await step(t, 'the text format', () => scrape(opened));
  await step(t, 'types', async () => {
    const note = await newNote(opened);
    (await app.get(`/notes/${note}`)).mustBe(200);
    const metrics = await scrape(opened);
    for (const [name, type] of [
      [COUNTER, 'counter'],
      [HISTOGRAM, 'histogram'],
      [GAUGE, 'gauge'],
    ] as const)
      must(
        metrics.get(name)?.type === type,
        `# TYPE ${name} ${type}`,
        metrics.get(name)?.type ?? 'no such metric',
      );
  });
  const count = t.random.integer(2, 5);
  await step(t, 'requests are counted', async () => {
    const note = await newNote(opened);
    for (let i = 0; i < count; i++) (await app.get(`/notes/${note}`)).mustBe(200);
    (await app.get('/notes/999999')).mustBe(404);
    const longest = 'x'.repeat(1_000);
    for (const text of ['x', longest]) await newNote(opened, text);
    for (const text of ['', `${longest}x`]) (await app.post('/notes', { json: { text } })).mustBe(400);
    const headers = { 'Content-Type': 'application/json' };
    (await app.post('/notes', { body: '{"text":', headers })).mustBe(400);
    t.play('mail').fails('down');
    (await app.post('/notes', { json: { text: t.random.word() } })).mustBe(500);
    t.play('mail').answers(() => undefined);
    await mustCount(opened, before, [
      [{ method: 'GET', route: '/notes/:id', status: '200' }, count + 1],
      [{ method: 'GET', route: '/notes/:id', status: '404' }, 1],
      [{ method: 'POST', route: '/notes', status: '201' }, 4],
      [{ method: 'POST', route: '/notes', status: '400' }, 3],
      [{ method: 'POST', route: '/notes', status: '500' }, 1],
    ]);
  });
  const steady = await scrape(opened);
  // A bucket holds its own bound. From a full second on, and in steps of a half, no float errs.
  await t.clock.advance(1_000 - (t.now % 1_000));
  const waits = [1_000, 500, 5_000, 50];
  for (const wait of waits) {
    await step(t, 'a request that takes its time', () =>
      whileMailHangs(
        opened,
        1,
        () => newNote(opened),
        () => t.clock.advance(wait),
      ),
    );
  }
  await step(t, 'durations are in seconds, in cumulative buckets', async () => {
    const labels = { method: 'POST', route: '/notes' };
    await mustCount(opened, steady, [[{ ...labels, status: '201' }, waits.length]]);
    const after = await scrape(opened);
    const grown = (suffix: string, more: Wanted = {}): number =>
      sum(after, HISTOGRAM, suffix, { ...labels, ...more }) -
      sum(steady, HISTOGRAM, suffix, { ...labels, ...more });
    for (const [le, expected] of [
      [0.1, 1],
      [0.5, 2],
      [1, 3],
      [Infinity, 4],
    ] as const)
      must(
        bucket(after, le, labels) - bucket(steady, le, labels) === expected,
        `${expected} more in the bucket le="${le === Infinity ? '+Inf' : le}" after requests of ${waits.join(', ')} ms`,
        bucket(after, le, labels) - bucket(steady, le, labels),
      );
    must(grown('_count') === waits.length, `_count: ${waits.length} more`, grown('_count'));
    const seconds = waits.reduce((total, wait) => total + wait, 0) / 1000;
    must(Math.abs(grown('_sum') - seconds) < 1e-3, `_sum: ${seconds} seconds more`, grown('_sum'));
  });
  await step(t, 'requests under way', async () => {
    const idle = sum(await scrape(opened), GAUGE, '', {});
    let busy = idle;
    await whileMailHangs(
      opened,
      3,
      () => Promise.all([newNote(opened), newNote(opened), newNote(opened)]),
      async () => {
        busy = sum(await scrape(opened), GAUGE, '', {});
      },
    );
    must(busy - idle === 3, `${GAUGE}: 3 more than before`, `${busy}, and ${idle} before`);
    const back = await eventually(
      async () => sum(await scrape(opened), GAUGE, '', {}) === idle,
      t.patience / 2,
    );
    must(back, `${GAUGE}: ${idle} again`, sum(await scrape(opened), GAUGE, '', {}));
  });
  await step(t, 'another app counts for itself', async () => {
    const theirs = await scrape(other);
    must(sum(theirs, COUNTER, '', { route: '/notes' }) === 0, 'nothing counted', samples(theirs, COUNTER));
  });
});

rule('R18', async (t) => {
  const opened = await openApp(t);
  const { app } = opened;
  await step(t, 'one of each', async () => {
    const note = await newNote(opened);
    (await app.get(`/notes/${note}`)).mustBe(200);
    (await app.get(`/${t.random.word()}`)).mustBe(404);
  });
  const before = await eventuallyUnknown(opened);
  const strange = [
    `/${t.random.word()}`,
    `/${t.random.word()}/${t.random.word()}`,
    `/notes/${t.random.integer(1, 99)}/${t.random.word()}`,
    `/${t.random.word()}"`,
    `/%22%0A${t.random.word()}\\`,
    `/${t.random.word()}?a=${t.random.word()}`,
    `/__proto__/${t.random.word()}`,
    '/constructor',
  ];
  await step(t, 'many paths that nobody knows', async () => {
    for (const path of strange) await app.raw(closing(path));
    await mustCount(opened, before.metrics, [[{ route: before.unknown }, strange.length]]);
  });
  await step(t, 'many notes', async () => {
    const paths = Array.from({ length: 8 }, () => `/notes/${t.random.integer(1_000, 9_999_999)}`);
    for (const path of [...paths, '/notes/%22%0A']) await app.raw(closing(path));
    await mustCount(opened, before.metrics, [[{ route: '/notes/:id' }, paths.length + 1]]);
  });
  await step(t, 'no new routes', async () => {
    const metrics = await scrape(opened);
    const more = [...routes(metrics)].filter((route) => !before.known.has(route));
    must(more.length === 0, `no more routes than ${show([...before.known])}`, more);
  });
});

const closing = (path: string): string =>
  `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`;

/** The routes so far, and the one of paths that nobody knows. */
async function eventuallyUnknown(
  opened: Opened,
): Promise<{ metrics: Metrics; known: Set<string>; unknown: string }> {
  const usual = ['/notes', '/notes/:id', '/livez', '/readyz', '/metrics'];
  let metrics: Metrics = new Map();
  let others: string[] = [];
  await eventually(async () => {
    metrics = await scrape(opened);
    others = [...routes(metrics)].filter((route) => !usual.includes(route));
    return others.length > 0 && [...routes(metrics)].includes('/notes/:id');
  }, opened.t.patience / 2);
  // It was asked for with a path that is random: whoever gives that path as its route grows with every one.
  const [unknown] = others;
  if (unknown === undefined)
    throw new Unmet({ expected: 'a route for paths that nobody knows', got: show([...routes(metrics)]) });
  return { metrics, known: new Set([...routes(metrics), ...usual]), unknown };
}

async function scrape({ app, token }: Opened): Promise<Metrics> {
  const answer = await app.get('/metrics', { headers: { Authorization: `Bearer ${token}` } });
  answer.must(
    '200 and Content-Type: text/plain; version=0.0.4',
    (it) =>
      it.status === 200 &&
      it.mediaType === 'text/plain' &&
      /;\s*version="?0\.0\.4"?\s*(;|$)/i.test(it.header('content-type') ?? ''),
  );
  const read = readMetrics(answer.text);
  if (!read.ok)
    throw new Unmet({ expected: 'the text format of Prometheus', got: read.why, exchange: answer.exchange });
  return read.metrics;
}

/** Waits until the counter and the count of the histogram have grown by this much. */
async function mustCount(
  opened: Opened,
  before: Metrics,
  wanted: readonly (readonly [Wanted, number])[],
): Promise<void> {
  for (const [labels, expected] of wanted) {
    let [counted, measured] = [0, 0];
    const { status: _, ...measuredBy } = labels;
    const alike = wanted
      .filter(([each]) => each['route'] === labels['route'] && each['method'] === labels['method'])
      .reduce((total, [, each]) => total + each, 0);
    await eventually(async () => {
      const metrics = await scrape(opened);
      counted = sum(metrics, COUNTER, '', labels) - sum(before, COUNTER, '', labels);
      measured = sum(metrics, HISTOGRAM, '_count', measuredBy) - sum(before, HISTOGRAM, '_count', measuredBy);
      return counted === expected && measured === alike;
    }, opened.t.patience / 2);
    must(counted === expected, `${expected} more in ${COUNTER}${show(labels)}`, `${counted} more`);
    must(measured === alike, `${alike} more in ${HISTOGRAM}_count${show(measuredBy)}`, `${measured} more`);
  }
}

function samples(metrics: Metrics, name: string): readonly Sample[] {
  return metrics.get(name)?.samples ?? [];
}

/** The sum of all samples that have these labels. Methods may be written in any case. */
function sum(metrics: Metrics, name: string, suffix: string, wanted: Wanted): number {
  return samples(metrics, name)
    .filter(
      (sample) =>
        sample.name === name + suffix &&
        Object.entries(wanted).every(([label, value]) => {
          const has = sample.labels[label];
          return label === 'method' ? has?.toUpperCase() === value : has === value;
        }),
    )
    .reduce((total, { value }) => total + value, 0);
}

function bucket(metrics: Metrics, bound: number, wanted: Wanted): number {
  const at = samples(metrics, HISTOGRAM)
    .filter(
      ({ labels }) => 'le' in labels && Number(labels['le']?.replace(/^\+?Inf$/i, 'Infinity')) === bound,
    )
    .map(({ labels }) => labels['le'] ?? '');
  return [...new Set(at)].reduce(
    (total, le) => total + sum(metrics, HISTOGRAM, '_bucket', { ...wanted, le }),
    0,
  );
}

function routes(metrics: Metrics): Set<string> {
  const all = [...samples(metrics, COUNTER), ...samples(metrics, HISTOGRAM)];
  return new Set(all.filter(({ value }) => value > 0).flatMap(({ labels }) => labels['route'] ?? []));
}
