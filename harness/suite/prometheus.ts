/** One sample: its full name, its labels, and its value. */
export type Sample = { name: string; labels: Readonly<Record<string, string>>; value: number };

/** One metric of an exposition, with all its samples in their order. */
export type Metric = { name: string; type: string; samples: Sample[] };

export type ReadMetrics = { ok: true; metrics: Map<string, Metric> } | { ok: false; why: string };

const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*/;
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*/;
const TYPES = ['counter', 'gauge', 'histogram', 'summary', 'untyped'];
const VALUE = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;

/**
 * Reads the text format of Prometheus, version 0.0.4, more strictly than Prometheus does: every sample needs a TYPE before
 * it, all lines of a metric stand together, no series comes twice, a counter is never below 0, and the buckets of a
 * histogram add up. `why` names the line. Source: prometheus.io, Exposition formats, "Text-based format".
 */
export function readMetrics(text: string): ReadMetrics {
  if (text === '') return { ok: true, metrics: new Map() };
  if (!text.endsWith('\n')) return { ok: false, why: 'the last line does not end with a newline' };
  const reader = new Reader();
  for (const [index, line] of text.slice(0, -1).split('\n').entries()) {
    const why = reader.read(line);
    if (why !== null) return { ok: false, why: `line ${index + 1}: ${why}` };
  }
  for (const metric of reader.metrics.values()) {
    const why = metric.type === 'histogram' ? wrongHistogram(metric) : wrongCounter(metric);
    if (why !== null) return { ok: false, why: `${metric.name}: ${why}` };
  }
  return { ok: true, metrics: reader.metrics };
}

class Reader {
  readonly metrics = new Map<string, Metric>();
  private readonly helped = new Set<string>();
  private readonly series = new Set<string>();
  /** The metric whose lines are being read; those of others are over. */
  private current: string | null = null;
  private readonly over = new Set<string>();

  /** Null: the line is right. */
  read(line: string): string | null {
    if (line.trim() === '') return null;
    if (line.includes('\r')) return 'a carriage return: lines end with a newline alone';
    if (line.startsWith('#')) return this.comment(line);
    return this.sample(line);
  }

  private comment(line: string): string | null {
    const [, keyword, name = '', rest = ''] = /^#[ \t]+(HELP|TYPE)[ \t]+(\S+)[ \t]*(.*)$/.exec(line) ?? [];
    if (keyword === undefined) return null;
    if (METRIC_NAME.exec(name)?.[0] !== name) return `${name} is no name of a metric`;
    const why = this.enter(name);
    if (why !== null) return why;
    if (keyword === 'HELP') {
      if (this.helped.has(name)) return `a second HELP for ${name}`;
      if (this.metrics.has(name)) return `HELP of ${name} behind its TYPE or its samples`;
      if (/\\(?!n)/.test(rest.replaceAll('\\\\', ''))) return 'a backslash that is not escaped';
      this.helped.add(name);
      return null;
    }
    if (this.metrics.has(name)) return `a second TYPE for ${name}`;
    if (!TYPES.includes(rest.trim())) return `${rest} is no type of a metric`;
    this.metrics.set(name, { name, type: rest.trim(), samples: [] });
    return null;
  }

  private sample(line: string): string | null {
    const name = METRIC_NAME.exec(line)?.[0];
    if (name === undefined) return 'neither a comment nor a sample';
    const labels = readLabels(line.slice(name.length));
    if (typeof labels === 'string') return labels;
    const [value = '', ...more] = labels.rest.split(/[ \t]+/).filter((part) => part !== '');
    if (labels.rest !== '' && !/^[ \t]/.test(labels.rest) && !labels.closed) return `no space behind ${name}`;
    const number = numberOf(value);
    if (number === null) return value === '' ? 'no value' : `${value} is no number`;
    if (more.length > 1 || (more.length === 1 && !/^-?\d+$/.test(more[0] ?? '')))
      return 'more behind the value';
    const metric = this.metricOf(name);
    if (metric === null) return `no TYPE for ${name} before it`;
    const why = this.enter(metric.name);
    if (why !== null) return why;
    const series = `${name} ${keyOf(labels.labels)}`;
    if (this.series.has(series)) return `the same series twice: ${line.slice(0, 200)}`;
    this.series.add(series);
    metric.samples.push({ name, labels: labels.labels, value: number });
    return null;
  }

  /** The metric that a sample's name belongs to: `x_bucket` is of the histogram `x`. */
  private metricOf(name: string): Metric | null {
    const own = this.metrics.get(name);
    if (own !== undefined) return own.type === 'histogram' ? null : own;
    const base = /^(.*)_(bucket|sum|count)$/.exec(name);
    const metric = this.metrics.get(base?.[1] ?? '');
    if (metric?.type === 'histogram') return metric;
    return metric?.type === 'summary' && base?.[2] !== 'bucket' ? metric : null;
  }

  private enter(name: string): string | null {
    if (this.current === name) return null;
    if (this.over.has(name)) return `lines of ${name} stand in several places`;
    if (this.current !== null) this.over.add(this.current);
    this.current = name;
    return null;
  }
}

type Labels = { labels: Record<string, string>; rest: string; closed: boolean };

/** The labels at the beginning of a text, or why they cannot be read. */
function readLabels(text: string): Labels | string {
  const labels = Object.create(null) as Record<string, string>;
  let rest = text.trimStart();
  if (!rest.startsWith('{')) return { labels, rest: text, closed: false };
  rest = rest.slice(1).trimStart();
  while (!rest.startsWith('}')) {
    const name = LABEL_NAME.exec(rest)?.[0];
    if (name === undefined) return 'a label without a name';
    if (name in labels) return `the label ${name} twice`;
    const value = /^[ \t]*=[ \t]*"((?:[^"\\]|\\.)*)"[ \t]*/.exec(rest.slice(name.length));
    if (value === null)
      return `the value of the label ${name} is not between quotes, or holds one that is not escaped`;
    const [whole, escaped = ''] = value;
    if (/\\[^\\"n]/.test(escaped.replaceAll('\\\\', '')))
      return `the value of the label ${name} has an unknown escape`;
    labels[name] = escaped.replaceAll(/\\(.)/g, (_, sign: string) => (sign === 'n' ? '\n' : sign));
    rest = rest.slice(name.length + whole.length);
    if (rest.startsWith(',')) rest = rest.slice(1).trimStart();
    else if (!rest.startsWith('}')) return 'labels that are not separated by a comma';
  }
  return { labels, rest: rest.slice(1), closed: true };
}

/** Equal for equal labels, in whatever order they stand. */
function keyOf(labels: Readonly<Record<string, string>>): string {
  const names = Object.keys(labels).toSorted((one, other) => (one < other ? -1 : 1));
  return JSON.stringify(names.map((name) => [name, labels[name]]));
}

function numberOf(text: string): number | null {
  if (VALUE.test(text)) return Number(text);
  const special = /^([+-]?)Inf$/i.exec(text);
  if (special !== null) return special[1] === '-' ? -Infinity : Infinity;
  return /^NaN$/i.test(text) ? NaN : null;
}

function wrongCounter({ type, samples }: Metric): string | null {
  if (type !== 'counter') return null;
  return samples.every(({ value }) => value >= 0) ? null : 'a counter is never below 0';
}

function wrongHistogram({ name, samples }: Metric): string | null {
  const groups = new Map<string, { buckets: [number, number][]; sum: number | null; count: number | null }>();
  for (const { name: full, labels, value } of samples) {
    const { le, ...others } = labels;
    const key = keyOf(others);
    const group = groups.get(key) ?? { buckets: [], sum: null, count: null };
    groups.set(key, group);
    if (full === `${name}_sum`) group.sum = value;
    else if (full === `${name}_count`) group.count = value;
    else {
      const bound = le === undefined ? null : numberOf(le);
      if (bound === null || Number.isNaN(bound)) return 'a bucket without a number as le';
      group.buckets.push([bound, value]);
    }
    if (le !== undefined && full !== `${name}_bucket`) return `a label le on ${full}`;
  }
  for (const { buckets, sum, count } of groups.values()) {
    if (sum === null || count === null) return `buckets without _sum and _count`;
    if (buckets.at(-1)?.[0] !== Infinity) return 'the last bucket is not le="+Inf"';
    for (const [index, [bound, value]] of buckets.entries()) {
      const [lower, less] = buckets[index - 1] ?? [-Infinity, 0];
      if (index > 0 && bound <= lower) return 'buckets that do not rise';
      if (value < less)
        return `the bucket le="${bound}" holds fewer than the one before: buckets are cumulative`;
    }
    if (buckets.at(-1)?.[1] !== count) return 'the bucket le="+Inf" and _count differ';
  }
  return null;
}
