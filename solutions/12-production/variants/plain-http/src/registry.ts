type Labels = Record<string, string>;

function written(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => {
    const safe = value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
    return `${name}="${safe}"`;
  });
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

abstract class Metric {
  readonly name: string;
  readonly help: string;
  abstract readonly type: string;

  constructor(name: string, help: string) {
    this.name = name;
    this.help = help;
  }

  abstract samples(): string[];

  render(): string {
    const head = [`# HELP ${this.name} ${this.help}`, `# TYPE ${this.name} ${this.type}`];
    return [...head, ...this.samples()].map((line) => `${line}\n`).join('');
  }
}

export class Counter extends Metric {
  readonly type = 'counter';
  private readonly counts = new Map<string, number>();

  add(labels: Labels): void {
    const key = written(labels);
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
  }

  samples(): string[] {
    return [...this.counts].map(([labels, count]) => `${this.name}${labels} ${count}`);
  }
}

export class Gauge extends Metric {
  readonly type = 'gauge';
  value = 0;

  samples(): string[] {
    return [`${this.name} ${this.value}`];
  }
}

type Series = { labels: Labels; hits: number[]; sum: number; count: number };

export class Histogram extends Metric {
  readonly type = 'histogram';
  private readonly bounds: number[];
  private readonly series = new Map<string, Series>();

  constructor(name: string, help: string, bounds: number[]) {
    super(name, help);
    this.bounds = bounds;
  }

  observe(labels: Labels, value: number): void {
    const key = written(labels);
    const series = this.series.get(key) ?? { labels, hits: this.bounds.map(() => 0), sum: 0, count: 0 };
    this.series.set(key, series);
    const first = this.bounds.findIndex((bound) => value <= bound);
    // One bucket is hit; they are added up when they are written.
    if (first >= 0) series.hits[first] = (series.hits[first] ?? 0) + 1;
    series.sum += value;
    series.count += 1;
  }

  samples(): string[] {
    return [...this.series.values()].flatMap(({ labels, hits, sum, count }) => {
      let below = 0;
      const buckets = this.bounds.map((bound, at) => {
        below += hits[at] ?? 0;
        return `${this.name}_bucket${written({ ...labels, le: String(bound) })} ${below}`;
      });
      return [
        ...buckets,
        `${this.name}_bucket${written({ ...labels, le: '+Inf' })} ${count}`,
        `${this.name}_sum${written(labels)} ${sum}`,
        `${this.name}_count${written(labels)} ${count}`,
      ];
    });
  }
}

/** The three metrics of the service. */
export class Registry {
  readonly total = new Counter('http_requests_total', 'Requests that were answered.');
  readonly seconds = new Histogram(
    'http_request_duration_seconds',
    'How long they took.',
    [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
  );
  readonly inFlight = new Gauge('http_requests_in_flight', 'Requests without an answer yet.');

  render(): string {
    return [this.total, this.seconds, this.inFlight].map((metric) => metric.render()).join('');
  }
}
