import { z } from 'zod/mini';
import { decode } from '../../message/plain.ts';
import type { TestsReport } from '../../message/tests.ts';

const text = z.string().check(z.maxLength(4_000));
const milliseconds = z.number().check(z.nonnegative());
const error = z.object({ name: text, message: text, stack: text, late: z.boolean() });

const report = z.object({
  files: z
    .array(
      z.object({
        path: text,
        problems: z.array(error).check(z.maxLength(5)),
        tests: z
          .array(
            z.object({
              name: text,
              state: z.enum(['passed', 'failed', 'skipped']),
              errors: z.array(error).check(z.maxLength(3)),
            }),
          )
          .check(z.maxLength(500)),
      }),
    )
    .check(z.maxLength(200)),
  waits: z.array(milliseconds).check(z.maxLength(20)),
  dialled: z.array(text).check(z.maxLength(20)),
  strays: z.array(z.object({ name: text, message: text, code: z.nullable(text) })).check(z.maxLength(3)),
});

/** The report of a process that runs a stranger's tests; null: no process of ours wrote it. */
export function parseReport(encoded: string): TestsReport | null {
  const decoded = decode(encoded, { dependencies: false });
  if (!decoded.ok) return null;
  const parsed = report.safeParse(withPrototypes(decoded.value));
  return parsed.success ? parsed.data : null;
}

/** The parser takes objects without a prototype for something else; errors arrive as data of their own. */
function withPrototypes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withPrototypes);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== '__proto__')
      .map(([key, item]) => [key, withPrototypes(item)]),
  );
}
