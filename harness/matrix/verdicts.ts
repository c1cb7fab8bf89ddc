import { isDeepStrictEqual } from 'node:util';
import type { Verdict } from '../verdict/verdict.ts';

/**
 * A verdict without what differs from run to run and from machine to machine: times, versions, process ids, names of
 * temporary folders and of the copy (`root`) that judged, the lines of Node's own code in stack traces.
 */
export function comparable(verdict: Verdict, root: string): unknown {
  const rules = verdict.rules.map((rule) => ({ ...rule, durationMs: 0 }));
  const output = { ...verdict.output, text: verdict.output.text.replace(NODE_FRAMES, '') };
  const bare = { ...verdict, rules, output, durationMs: 0, node: '' };
  return JSON.parse(JSON.stringify(bare), (_key, value: unknown) =>
    typeof value === 'string' ? plainPlaces(value, root) : value,
  ) as unknown;
}

const NODE_FRAMES = /^ *at .*\(?node:[\w/]+:\d+:\d+\)?\n/gm;

function plainPlaces(text: string, root: string): string {
  return text
    .replaceAll(root, 'ROOT')
    .replace(/[^\s'"(]*[\\/]workbook-\w{6}\b/g, 'TEMP')
    .replace(/\(node:\d+\)/g, '(node)')
    .replace(/\bNode\.js v\d+\.\d+\.\d+/g, 'Node.js');
}

/** Where two verdicts differ: rules by id, other members by name. Empty: they agree. */
export function differences(one: unknown, other: unknown): string[] {
  if (isDeepStrictEqual(one, other)) return [];
  const [a, b] = [one, other] as [Verdict, Verdict];
  const members = Object.keys(a).filter(
    (name) => name !== 'rules' && !isDeepStrictEqual(a[name as keyof Verdict], b[name as keyof Verdict]),
  );
  const rules = a.rules.filter((rule, index) => !isDeepStrictEqual(rule, b.rules[index])).map(({ id }) => id);
  return [...rules, ...members];
}
