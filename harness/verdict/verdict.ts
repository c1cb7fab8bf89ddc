import { z } from 'zod';

/** The version of the format below. It changes when a reader written for the old one would misread the new one. */
export const VERDICT_SCHEMA = 1;

/** How a rule ended. `untried`: a rule it needs failed first, its part could not be loaded, or only some rules were asked for. `error`: our suite failed, not the program. */
export const ruleStatus = z.enum(['passed', 'failed', 'error', 'untried']);

/**
 * Why a rule failed. `wrong`: it answered, and the answer is not what the rule asks for. `hung`: no answer in time,
 * or the event loop stood still. `crashed`, `exited`, `memory`: the program's process ended.
 */
export const ruleCause = z.enum(['wrong', 'crashed', 'hung', 'exited', 'memory']);

/** One request as it was sent and the answer as it came. Bodies are text, capped; what is not text is described. */
export const exchange = z.object({
  method: z.string(),
  target: z.string(),
  headers: z.array(z.tuple([z.string(), z.string()])),
  body: z.string().nullable(),
  /** Where the bytes themselves mattered, and no curl line can repeat them: the message as sent, with `\r\n` written out. */
  raw: z.string().nullable(),
});
export type Exchange = z.infer<typeof exchange>;

/** What a failed rule says. `sent` is a readable line or a call such as `parseRequest("GET / …")`. */
export const ruleMessage = z.object({
  /** The label of the step that failed. */
  step: z.string(),
  sent: z.string().nullable(),
  expected: z.string(),
  got: z.string(),
  /** One more sentence for the learner, for example what the watchdog saw. */
  note: z.string().nullable(),
  /** What a catalogued mistake with this very fingerprint means; null when none or more than one matches. */
  often: z.string().nullable(),
});
export type RuleMessage = z.infer<typeof ruleMessage>;

export const ruleResult = z.object({
  id: z.string(),
  tier: z.enum(['core', 'extra']),
  title: z.string(),
  citation: z.string(),
  needs: z.array(z.string()),
  status: ruleStatus,
  cause: ruleCause.nullable(),
  /** 1 for a passed rule, 0 otherwise; always 0 for a rule marked `keep`. */
  points: z.number().int(),
  message: ruleMessage.nullable(),
  exchange: exchange.nullable(),
  /** `inside`: rests on what instruments inside the program's process report, see CONTRIBUTING, "Isolation". */
  evidence: z.enum(['outside', 'inside']),
  durationMs: z.number(),
});
export type RuleResult = z.infer<typeof ruleResult>;

/** One line of a stack trace, in the learner's own files only. `line` and `column` count from 1. */
export const frame = z.object({
  file: z.string(),
  line: z.number().int(),
  column: z.number().int(),
  name: z.string().nullable(),
});
export type Frame = z.infer<typeof frame>;

/**
 * Why a part, or all of them, could not be tried. `files`: the learner's files could not be read. `compile`: a syntax error. `import`: an import
 * that is not allowed or not found. `load`: the program threw, hung or ended while it was imported. `export`: the
 * promised export is missing or is no function. `harness`: a failure of ours.
 */
export const verdictError = z.object({
  kind: z.enum(['files', 'compile', 'import', 'load', 'export', 'harness']),
  message: z.string(),
  frames: z.array(frame),
});
export type VerdictError = z.infer<typeof verdictError>;

export const verdict = z.object({
  schema: z.literal(VERDICT_SCHEMA),
  exercise: z.string(),
  /** SHA-256 over the suite files and the manifest, hex. */
  suite: z.string(),
  /** SHA-256 over the learner's files, hex. */
  files: z.string(),
  /** `passed`: all core rules. `error`: no core rule could run. */
  status: z.enum(['passed', 'failed', 'error']),
  /** All rules, core and extra. */
  mastered: z.boolean(),
  rules: z.array(ruleResult),
  points: z.number().int(),
  maxPoints: z.number().int(),
  /** What the program printed (stdout and stderr, as it came), capped. */
  output: z.object({ text: z.string(), truncated: z.boolean() }),
  error: verdictError.nullable(),
  /** Sentences about the run as a whole, for the learner: a crash between two rules, for example. */
  notes: z.array(z.string()),
  isolation: z.enum(['namespace', 'permission', 'none']),
  /** The seed of everything random in this run; the same seed repeats it. */
  seed: z.number().int(),
  durationMs: z.number(),
  /** The Node.js version that ran the program. */
  node: z.string(),
  harness: z.string(),
});
export type Verdict = z.infer<typeof verdict>;

/** Reads a verdict that was written earlier or elsewhere. */
export function parseVerdict(
  value: unknown,
): { ok: true; verdict: Verdict } | { ok: false; problem: string } {
  const parsed = verdict.safeParse(value);
  return parsed.success
    ? { ok: true, verdict: parsed.data }
    : { ok: false, problem: z.prettifyError(parsed.error) };
}
