import type { EventFilter, Fault } from './app.ts';
import { pointerTo, type Parsed } from './faults.ts';
import { instantOf, isTag } from './texts.ts';

const parameters = ['from', 'to', 'limit', 'tag'];

/** The values of each parameter of a URL by its name. A map, so that `__proto__` is a name like any other. */
function readParameters(url: string): Map<string, string[]> {
  const values = new Map<string, string[]>();
  const mark = url.indexOf('?');
  if (mark === -1) return values;
  for (const [name, value] of new URLSearchParams(url.slice(mark + 1))) {
    const earlier = values.get(name);
    if (earlier === undefined) values.set(name, [value]);
    else earlier.push(value);
  }
  return values;
}

/** Reads the query of a URL such as `/events?limit=5` as what to ask the repository for. */
export function parseFilter(url: string): Parsed<EventFilter> {
  const faults: Fault[] = [];
  const filter: EventFilter = { limit: 20 };
  const given = new Map<string, string>();

  for (const [name, values] of readParameters(url)) {
    const [value] = values;
    if (!parameters.includes(name)) faults.push({ pointer: pointerTo('', name), code: 'unknown' });
    else if (values.length > 1) faults.push({ pointer: `/${name}`, code: 'duplicate' });
    else if (value !== undefined) given.set(name, value);
  }

  const readDate = (name: 'from' | 'to'): number | undefined => {
    const text = given.get(name);
    if (text === undefined) return undefined;
    const instant = instantOf(text);
    if (instant === undefined) faults.push({ pointer: `/${name}`, code: 'format' });
    else filter[name] = text;
    return instant;
  };
  const from = readDate('from');
  const to = readDate('to');
  if (from !== undefined && to !== undefined && to <= from) faults.push({ pointer: '/to', code: 'order' });

  const limit = given.get('limit');
  if (limit !== undefined) {
    filter.limit = Number(limit);
    if (!/^\d+$/.test(limit)) faults.push({ pointer: '/limit', code: 'format' });
    else if (filter.limit < 1 || filter.limit > 100) faults.push({ pointer: '/limit', code: 'range' });
  }

  const tag = given.get('tag');
  if (tag !== undefined) {
    filter.tag = tag;
    if (!isTag(tag)) faults.push({ pointer: '/tag', code: 'format' });
  }

  return faults.length > 0 ? { ok: false, faults } : { ok: true, value: filter };
}
