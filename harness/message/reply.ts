import { z } from 'zod/mini';
import type { HostMessage } from './host.ts';

/** Text that is searched or shown later: a host must not decide how long that takes. */
function cutTo(length: number) {
  return z.pipe(
    z.string(),
    z.transform((text: string) => text.slice(0, length)),
  );
}

const remoteError = z.object({
  name: cutTo(200),
  message: cutTo(2_000),
  code: z.nullable(cutTo(200)),
  stack: z.nullable(cutTo(20_000)),
});

const simpleResult = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('loaded'), exports: z.record(z.string(), z.string()) }),
  z.object({ kind: z.literal('value'), value: z.string(), later: z.optional(z.literal(true)) }),
  z.object({
    kind: z.literal('kept'),
    shape: z.object({ type: cutTo(200), server: z.boolean(), callable: z.boolean(), listening: z.boolean() }),
  }),
  z.object({ kind: z.literal('threw'), error: remoteError }),
  z.object({ kind: z.literal('port'), port: z.int().check(z.minimum(1), z.maximum(65_535)) }),
  z.object({ kind: z.literal('count'), count: z.number() }),
  z.object({ kind: z.literal('done') }),
  z.object({ kind: z.literal('cannot'), why: cutTo(2_000) }),
  z.object({ kind: z.literal('texts'), texts: z.array(cutTo(10_000)) }),
]);

const result = z.union([
  simpleResult,
  z.object({ kind: z.literal('batch'), results: z.array(simpleResult) }),
]);

const message = z.union([
  z.object({ id: z.int(), result }),
  z.object({ event: z.literal('ready'), node: z.string() }),
  z.object({ event: z.literal('paused'), sql: cutTo(2_000) }),
  z.object({ event: z.literal('called'), name: z.string(), call: z.int(), args: z.string() }),
  z.object({ event: z.literal('uncaught'), origin: z.string(), error: remoteError }),
]);

/** One message of a host, or null: a host runs other people's code, and may say anything. */
export function parseHostMessage(text: string): HostMessage | null {
  try {
    const parsed = message.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
