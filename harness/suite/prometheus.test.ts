import { expect, test } from 'vitest';
import { readMetrics } from './prometheus.ts';

const good = `# HELP http_requests_total How many, with a \\\\ and a\\nnewline.
# TYPE http_requests_total counter
http_requests_total{method="post",code="200"} 1027 1395066363000
http_requests_total{method="post",code="400",} 3
# a remark

# TYPE in_flight gauge
in_flight -1.5e+3
# TYPE d_seconds histogram
d_seconds_bucket{route="/a \\"b\\" \\\\ \\n",le="0.1"} 1
d_seconds_bucket{route="/a \\"b\\" \\\\ \\n",le="+Inf"} 2
d_seconds_sum{route="/a \\"b\\" \\\\ \\n"} 0.7
d_seconds_count{route="/a \\"b\\" \\\\ \\n"} 2
# TYPE s summary
s{quantile="0.5"} NaN
s_sum 0
s_count 0
`;

test('reads counters, gauges, histograms and summaries with their labels', () => {
  const read = readMetrics(good);
  if (!read.ok) throw new Error(read.why);
  expect([...read.metrics.keys()]).toEqual(['http_requests_total', 'in_flight', 'd_seconds', 's']);
  expect(read.metrics.get('http_requests_total')?.samples[0]).toEqual({
    name: 'http_requests_total',
    labels: { method: 'post', code: '200' },
    value: 1027,
  });
  expect(read.metrics.get('in_flight')?.samples[0]?.value).toBe(-1500);
  expect(read.metrics.get('d_seconds')?.samples[0]?.labels).toEqual({ route: '/a "b" \\ \n', le: '0.1' });
});

test('nothing at all is an exposition too', () => {
  expect(readMetrics('')).toEqual({ ok: true, metrics: new Map() });
});

const histogram = (lines: string) => `# TYPE d histogram\n${lines}\n`;

test.each([
  ['no newline at the end', '# TYPE a gauge\na 1', 'newline'],
  ['a sample before its TYPE', 'a 1\n# TYPE a gauge\n', 'line 1: no TYPE'],
  ['a type that is none', '# TYPE a number\na 1\n', 'line 1'],
  ['a second TYPE', '# TYPE a gauge\n# TYPE a gauge\na 1\n', 'second TYPE'],
  ['HELP behind TYPE', '# TYPE a gauge\n# HELP a x\na 1\n', 'HELP of a behind'],
  [
    'a metric in two places',
    '# TYPE a gauge\na{x="1"} 1\n# TYPE b gauge\nb 1\na{x="2"} 1\n',
    'several places',
  ],
  ['a series twice', '# TYPE a gauge\na{x="1",y="2"} 1\na{y="2",x="1"} 1\n', 'twice'],
  ['a quote that is not escaped', '# TYPE a gauge\na{x="1"2"} 1\n', 'comma'],
  ['an unknown escape', '# TYPE a gauge\na{x="\\t"} 1\n', 'unknown escape'],
  ['a label value without quotes', '# TYPE a gauge\na{x=1} 1\n', 'quotes'],
  ['a label twice', '# TYPE a gauge\na{x="1",x="2"} 1\n', 'the label x twice'],
  ['a label name that is none', '# TYPE a gauge\na{1x="1"} 1\n', 'without a name'],
  ['a newline inside a label', '# TYPE a gauge\na{x="1\n2"} 1\n', 'line 2'],
  ['a carriage return', '# TYPE a gauge\r\na 1\r\n', 'carriage return'],
  ['a value that is no number', '# TYPE a gauge\na 1ms\n', '1ms is no number'],
  ['a hexadecimal value', '# TYPE a gauge\na 0x10\n', 'no number'],
  ['no value', '# TYPE a gauge\na\n', 'no value'],
  ['words behind the value', '# TYPE a gauge\na 1 2 3\n', 'behind the value'],
  ['JSON', '{"a":1}\n', 'line 1'],
  ['a counter below 0', '# TYPE a_total counter\na_total -1\n', 'below 0'],
  ['a bare sample of a histogram', histogram('d 1'), 'no TYPE for d '],
  [
    'buckets that are not cumulative',
    histogram('d_bucket{le="1"} 2\nd_bucket{le="+Inf"} 1\nd_sum 1\nd_count 1'),
    'cumulative',
  ],
  ['no bucket +Inf', histogram('d_bucket{le="1"} 2\nd_sum 1\nd_count 2'), '+Inf'],
  ['a count that differs', histogram('d_bucket{le="+Inf"} 2\nd_sum 1\nd_count 3'), 'differ'],
  ['no sum', histogram('d_bucket{le="+Inf"} 2\nd_count 2'), '_sum and _count'],
  ['no buckets', histogram('d_sum 1\nd_count 3'), '+Inf'],
  ['a bucket without le', histogram('d_bucket 2\nd_sum 1\nd_count 2'), 'le'],
  [
    'buckets that fall',
    histogram('d_bucket{le="1"} 0\nd_bucket{le="0.5"} 0\nd_bucket{le="+Inf"} 0\nd_sum 0\nd_count 0'),
    'rise',
  ],
])('refuses %s', (_, text, why) => {
  const read = readMetrics(text);
  expect(read.ok ? 'taken' : read.why).toContain(why);
});
