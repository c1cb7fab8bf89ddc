export type Labels = Record<string, string>;

/** One metric: it writes its own lines in the text format of Prometheus. */
interface Metric {
  lines(): string[];
}

const escapeValue = (value: string): string =>
  value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeValue(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function head(name: string, type: string, help: string): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
}

export class Counter implements Metric {
  readonly #series = new Map<string, number>();
  readonly #name: string;
  readonly #help: string;

  constructor(name: string, help: string) {
    this.#name = name;
    this.#help = help;
  }

  increase(labels: Labels): void {
    const key = labelText(labels);
    this.#series.set(key, (this.#series.get(key) ?? 0) + 1);
  }

  lines(): string[] {
    return [
      ...head(this.#name, 'counter', this.#help),
      ...[...this.#series].map(([key, count]) => `${this.#name}${key} ${count}`),
    ];
  }
}

export class Gauge implements Metric {
  #value = 0;
  readonly #name: string;
  readonly #help: string;

  constructor(name: string, help: string) {
    this.#name = name;
    this.#help = help;
  }

  add(difference: number): void {
    this.#value += difference;
  }

  lines(): string[] {
    return [...head(this.#name, 'gauge', this.#help), `${this.#name} ${this.#value}`];
  }
}

type Distribution = { labels: Labels; counts: number[]; count: number; sumMs: number };

/** Durations. It takes milliseconds, and shows seconds. */
export class DurationHistogram implements Metric {
  readonly #series = new Map<string, Distribution>();
  readonly #name: string;
  readonly #help: string;
  readonly #bounds: readonly number[];

  /** `bounds` are upper ends in seconds, in ascending order, without infinity. */
  constructor(name: string, help: string, bounds: readonly number[]) {
    this.#name = name;
    this.#help = help;
    this.#bounds = bounds;
  }

  observe(labels: Labels, ms: number): void {
    const key = labelText(labels);
    let one = this.#series.get(key);
    if (one === undefined) {
      one = { labels, counts: this.#bounds.map(() => 0), count: 0, sumMs: 0 };
      this.#series.set(key, one);
    }
    one.count += 1;
    one.sumMs += ms;
    for (const [place, bound] of this.#bounds.entries()) {
      if (ms <= bound * 1_000) one.counts[place] = (one.counts[place] ?? 0) + 1;
    }
  }

  lines(): string[] {
    const lines = head(this.#name, 'histogram', this.#help);
    for (const { labels, counts, count, sumMs } of this.#series.values()) {
      for (const [place, bound] of this.#bounds.entries()) {
        lines.push(
          `${this.#name}_bucket${labelText({ ...labels, le: String(bound) })} ${counts[place] ?? 0}`,
        );
      }
      lines.push(`${this.#name}_bucket${labelText({ ...labels, le: '+Inf' })} ${count}`);
      lines.push(`${this.#name}_sum${labelText(labels)} ${sumMs / 1_000}`);
      lines.push(`${this.#name}_count${labelText(labels)} ${count}`);
    }
    return lines;
  }
}

/** What is measured of the requests. */
export class HttpMetrics {
  readonly #total = new Counter('http_requests_total', 'Requests that were answered.');
  readonly #duration = new DurationHistogram(
    'http_request_duration_seconds',
    'How long they took.',
    [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  );
  readonly #inFlight = new Gauge('http_requests_in_flight', 'Requests that are not answered yet.');

  arrived(): void {
    this.#inFlight.add(1);
  }

  left(): void {
    this.#inFlight.add(-1);
  }

  answered(method: string, route: string, status: number, ms: number): void {
    this.#total.increase({ method, route, status: String(status) });
    this.#duration.observe({ method, route }, ms);
  }

  text(): string {
    const metrics: Metric[] = [this.#total, this.#duration, this.#inFlight];
    return `${metrics.flatMap((metric) => metric.lines()).join('\n')}\n`;
  }
}
