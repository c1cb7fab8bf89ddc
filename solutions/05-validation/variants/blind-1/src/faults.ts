import { z } from 'zod';

/** The codes in the order in which they win when a pointer could have several. */
const CODES = ['unknown', 'required', 'type', 'duplicate', 'length', 'format', 'range', 'order'] as const;
export type FaultCode = (typeof CODES)[number];

/** One thing that is wrong with a request. */
export type Fault = {
  /** Where, as a JSON Pointer: `/contact/email`. */
  pointer: string;
  code: FaultCode;
};

export type Parsed<T> = { ok: true; value: T } | { ok: false; faults: Fault[] };

/** What an input must fit: the first schema is what it becomes, the second only finds more faults. */
export type Gate<T> = { whole: z.ZodType<T>; order: z.ZodType };

/** Parses a JSON body. */
export function parseBody<T>(gate: Gate<T>, body: unknown): Parsed<T> {
  return parse(gate, body, (input) => (input === undefined ? 'required' : 'type'));
}

/** Parses the text of a query, the part behind `?`. */
export function parseQuery<T>(gate: Gate<T>, search: string): Parsed<T> {
  const grouped = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(search)) {
    const values = grouped.get(name);
    if (values) values.push(value);
    else grouped.set(name, [value]);
  }
  // fromEntries makes members of the object itself, also of the name __proto__.
  const query = Object.fromEntries([...grouped].map(([name, all]) => [name, all.length > 1 ? all : all[0]]));
  // In a query all is text. What is no text is the list of a parameter that came twice.
  return parse(gate, query, () => 'duplicate');
}

type WrongType = (input: unknown) => FaultCode;

function parse<T>(gate: Gate<T>, input: unknown, wrongType: WrongType): Parsed<T> {
  // zod makes a message for each issue: ours is the code. It is made here because an issue has its input only here.
  const naming = { error: (issue: z.core.$ZodRawIssue) => codeOf(issue, wrongType) };
  const whole = gate.whole.safeParse(input, naming);
  const order = gate.order.safeParse(input, naming);
  if (whole.success && order.success) return { ok: true, value: whole.data };
  // A date that is wrong is found by both, with one pointer and one code: faultsOf takes it once.
  return { ok: false, faults: faultsOf([...(whole.error?.issues ?? []), ...(order.error?.issues ?? [])]) };
}

function codeOf(issue: z.core.$ZodRawIssue, wrongType: WrongType): FaultCode {
  switch (issue.code) {
    case 'unrecognized_keys':
      return 'unknown';
    case 'invalid_type': {
      // To zod, 1.5 and Infinity are of another type than a whole number. To JSON they are all numbers.
      const wantsNumber = issue.expected === 'number' || issue.expected === 'int';
      return wantsNumber && typeof issue.input === 'number' ? 'range' : wrongType(issue.input);
    }
    case 'too_small':
    case 'too_big':
      return typeof issue.input === 'number' ? 'range' : 'length';
    default:
      return 'format';
  }
}

function faultsOf(issues: z.core.$ZodIssue[]): Fault[] {
  const codes = new Map<string, FaultCode>();
  for (const issue of issues) {
    const code = CODES.find((known) => known === issue.message);
    if (code === undefined) throw new Error(`A schema uses "${issue.message}", which is no code of a fault.`);
    const paths =
      issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
    for (const path of paths) {
      const pointer = pointerTo(path);
      const other = codes.get(pointer);
      if (other === undefined || CODES.indexOf(code) < CODES.indexOf(other)) codes.set(pointer, code);
    }
  }
  return [...codes].map(([pointer, code]) => ({ pointer, code }));
}

/** RFC 6901: `~` first, or the `~1` of a slash would be escaped once more. */
function pointerTo(path: readonly PropertyKey[]): string {
  return path.map((step) => '/' + String(step).replaceAll('~', '~0').replaceAll('/', '~1')).join('');
}
