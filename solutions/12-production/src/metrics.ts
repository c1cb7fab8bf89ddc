type Labels = Readonly<Record<string, string>>;

/** Values by their labels, written as they will stand in the text: `method="GET",route="/notes"`. */
type Series<T> = Map<string, T>;
type Measured = { counts: number[]; sum: number };

/** Seconds. A bucket counts all that took at most so long. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, Infinity];

/** What the service counts, in the text format of Prometheus. One for each app: nothing here is global. */
export class Metrics {
  private readonly requests: Series<number> = new Map();
  private readonly durations: Series<Measured> = new Map();
  private inFlight = 0;

  began(): void {
    this.inFlight++;
  }

  ended({
    method,
    route,
    status,
    seconds,
  }: {
    method: string;
    route: string;
    status: number;
    seconds: number;
  }): void {
    this.inFlight--;
    const counted = written({ method, route, status: String(status) });
    this.requests.set(counted, (this.requests.get(counted) ?? 0) + 1);
    const measured = written({ method, route });
    const series = this.durations.get(measured) ?? { counts: BUCKETS.map(() => 0), sum: 0 };
    this.durations.set(measured, series);
    series.sum += seconds;
    // Cumulative: what took 0.3 s is in the bucket 0.5, and in every larger one.
    for (const [index, bound] of BUCKETS.entries()) if (seconds <= bound) series.counts[index]!++;
  }

  text(): string {
    return [
      ...head('http_requests_total', 'counter', 'Requests that were answered.'),
      ...[...this.requests].map(([labels, count]) => `http_requests_total{${labels}} ${count}`),
      ...head('http_request_duration_seconds', 'histogram', 'How long requests took.'),
      ...[...this.durations].flatMap(([labels, series]) => histogram(labels, series)),
      ...head('http_requests_in_flight', 'gauge', 'Requests that are not answered yet.'),
      `http_requests_in_flight ${this.inFlight}`,
      '',
    ].join('\n');
  }
}

function head(name: string, type: string, help: string): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
}

function histogram(labels: string, { counts, sum }: Measured): string[] {
  const name = 'http_request_duration_seconds';
  return [
    ...BUCKETS.map((bound, index) => {
      const le = bound === Infinity ? '+Inf' : String(bound);
      return `${name}_bucket{${labels},le="${le}"} ${counts[index]}`;
    }),
    `${name}_sum{${labels}} ${sum}`,
    `${name}_count{${labels}} ${counts.at(-1)}`,
  ];
}

function written(labels: Labels): string {
  return Object.entries(labels)
    .map(
      ([name, value]) =>
        `${name}="${value.replaceAll(/[\\"\n]/g, (sign) => (sign === '\n' ? '\\n' : `\\${sign}`))}"`,
    )
    .join(',');
}
