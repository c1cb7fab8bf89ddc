const BUCKETS = [0.01, 0.05, 0.1, 0.5, 1, 5, 10];
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

type Durations = { buckets: number[]; sum: number; count: number };

export type Metrics = {
  /** A request has come. */
  began(): void;
  /** It is over. Without a status it never got an answer. */
  ended(request: { method: string; route: string; status?: number; seconds: number }): void;
  /** In the text format of Prometheus, 0.0.4. */
  text(): string;
};

function labels(values: Record<string, string | number>): string {
  const escaped = (value: string | number): string =>
    String(value).replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
  return Object.entries(values)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(',');
}

export function createMetrics(): Metrics {
  let inFlight = 0;
  const totals = new Map<string, number>();
  const durations = new Map<string, Durations>();

  return {
    began() {
      inFlight += 1;
    },
    ended({ method, route, status, seconds }) {
      inFlight -= 1;
      if (status === undefined) return;
      const shown = METHODS.has(method) ? method : 'other';
      const total = labels({ method: shown, route, status });
      totals.set(total, (totals.get(total) ?? 0) + 1);
      const series = labels({ method: shown, route });
      const seen = durations.get(series) ?? { buckets: BUCKETS.map(() => 0), sum: 0, count: 0 };
      BUCKETS.forEach((limit, i) => {
        if (seconds <= limit) seen.buckets[i] = (seen.buckets[i] ?? 0) + 1;
      });
      seen.sum += seconds;
      seen.count += 1;
      durations.set(series, seen);
    },
    text() {
      const lines = [
        '# HELP http_requests_total Requests that were answered.',
        '# TYPE http_requests_total counter',
        ...[...totals].map(([series, count]) => `http_requests_total{${series}} ${count}`),
        '# HELP http_request_duration_seconds How long requests took.',
        '# TYPE http_request_duration_seconds histogram',
        ...[...durations].flatMap(([series, { buckets, sum, count }]) => [
          ...BUCKETS.map((le, i) => `http_request_duration_seconds_bucket{${series},le="${le}"} ${buckets[i]}`),
          `http_request_duration_seconds_bucket{${series},le="+Inf"} ${count}`,
          `http_request_duration_seconds_sum{${series}} ${sum}`,
          `http_request_duration_seconds_count{${series}} ${count}`,
        ]),
        '# HELP http_requests_in_flight Requests that are not answered yet.',
        '# TYPE http_requests_in_flight gauge',
        `http_requests_in_flight ${inFlight}`,
      ];
      return `${lines.join('\n')}\n`;
    },
  };
}
