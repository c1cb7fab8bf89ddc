import type { Bus } from './bus.ts';

const LE = ['0.05', '0.1', '0.2', '0.5', '1', '5'];

const quote = (value: string): string =>
  `"${value.replace(/[\\"\n]/g, (one) => (one === '\n' ? '\\n' : `\\${one}`))}"`;
const braces = (labels: [name: string, value: string][]): string =>
  `{${labels.map(([name, value]) => `${name}=${quote(value)}`).join(',')}}`;

/** Listens to the bus; returns what writes the metrics. */
export function createMeter(bus: Bus): () => string {
  let inFlight = 0;
  const rows = new Map<string, { method: string; route: string; status: string; seconds: number[] }>();

  bus.on('begun', () => void inFlight++);
  bus.on('gone', () => void inFlight--);
  bus.on('done', ({ method, route, status, ms }) => {
    const key = `${method} ${status} ${route}`;
    const row = rows.get(key) ?? { method, route, status: String(status), seconds: [] };
    rows.set(key, row);
    row.seconds.push(ms / 1000);
  });

  return () => {
    const lines = ['# TYPE http_requests_total counter'];
    for (const { method, route, status, seconds } of rows.values()) {
      const labels = braces([
        ['method', method],
        ['route', route],
        ['status', status],
      ]);
      lines.push(`http_requests_total${labels} ${seconds.length}`);
    }
    lines.push(
      '# HELP http_request_duration_seconds From arrival to answer',
      '# TYPE http_request_duration_seconds histogram',
    );
    // One label more than is asked for: the class of the status.
    for (const { method, route, status, seconds } of rows.values()) {
      const labels: [string, string][] = [
        ['method', method],
        ['route', route],
        ['code', status],
      ];
      for (const le of LE) {
        const count = seconds.filter((one) => one <= Number(le)).length;
        lines.push(`http_request_duration_seconds_bucket${braces([...labels, ['le', le]])} ${count}`);
      }
      lines.push(
        `http_request_duration_seconds_bucket${braces([...labels, ['le', '+Inf']])} ${seconds.length}`,
        `http_request_duration_seconds_sum${braces(labels)} ${seconds.reduce((sum, one) => sum + one, 0)}`,
        `http_request_duration_seconds_count${braces(labels)} ${seconds.length}`,
      );
    }
    lines.push('# HELP http_requests_in_flight Not answered yet', '# TYPE http_requests_in_flight gauge');
    lines.push(`http_requests_in_flight ${inFlight}`, '');
    return lines.join('\n');
  };
}
