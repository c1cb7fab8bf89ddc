import { test } from 'vitest';
import { ask } from './connection.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { Plan, PlannedRule, RuleOutcome } from './link.ts';
import { definedRules } from './rule.ts';
import type { RuleBody } from './rule.ts';
import { Trial } from './trial.ts';
import { Died, Unjudged, Unloadable, Unmet } from './unmet.ts';

/** How often a rule is tried: what hung or died is repeated once, alone, on a fresh host. */
const TRIES = 2;

/** After this many rules that hung twice, later ones are tried once: a learner should not wait for minutes. */
const HANGS_REPEATED = 2;

/** `unsure`: the machine or an earlier rule may be to blame, so the rule deserves another try. */
type Ended = { outcome: RuleOutcome; unsure: boolean };

/** Registers one Vitest test for each planned rule. Results go to the main process as they come, one for each rule. */
export async function runPlan(): Promise<void> {
  const reply = await ask({ op: 'plan' });
  if (reply.kind !== 'plan') throw new Error('there is no plan');
  const { plan } = reply;
  const { rules, twice } = definedRules();
  const stray = [...rules.keys()].filter((id) => !plan.known.includes(id));
  if (twice.length > 0) throw new Error(`the suite defines rules more than once: ${twice.join(', ')}`);
  if (stray.length > 0)
    throw new Error(`the suite defines rules that the spec does not have: ${stray.join(', ')}`);
  const passed = new Set<string>();
  const state = { hangs: 0 };
  for (const planned of plan.rules) {
    test(planned.id, async () => {
      const begun = performance.now();
      const outcome = await judge(planned, rules.get(planned.id), plan, passed, state);
      if (outcome.status === 'passed') passed.add(planned.id);
      await ask({
        op: 'result',
        result: { rule: planned.id, durationMs: performance.now() - begun, outcome },
      });
    });
  }
}

async function judge(
  planned: PlannedRule,
  body: RuleBody | undefined,
  plan: Plan,
  passed: ReadonlySet<string>,
  state: { hangs: number },
): Promise<RuleOutcome> {
  if (body === undefined) return { status: 'error', why: `no suite defines ${planned.id}` };
  if (!planned.needs.every((id) => passed.has(id))) return { status: 'untried' };
  const tries = state.hangs < HANGS_REPEATED ? TRIES : 1;
  for (let attempt = 1; ; attempt++) {
    const { outcome, unsure } = await tryOnce(planned, body, plan, attempt);
    if (unsure && attempt < tries) continue;
    if (outcome.status === 'failed' && outcome.cause === 'hung') state.hangs++;
    return outcome;
  }
}

async function tryOnce(planned: PlannedRule, body: RuleBody, plan: Plan, attempt: number): Promise<Ended> {
  const trial = new Trial(planned.id, planned.part, attempt, plan.seed, plan.pace);
  try {
    await trial.begin();
    await body(trial);
    await trial.settle();
    return { outcome: { status: 'passed' }, unsure: false };
  } catch (error) {
    return await explain(error, trial);
  } finally {
    await trial.end();
  }
}

async function explain(error: unknown, trial: Trial): Promise<Ended> {
  if (error instanceof Unloadable || error instanceof Unjudged)
    return { outcome: { status: 'untried' }, unsure: false };
  const seen = error instanceof Died ? error : await deathBehind(error, trial);
  const { step } = trial;
  if (seen instanceof Died) {
    const message = {
      step,
      sent: seen.sent,
      expected: 'the program stays up',
      got: seen.death.why,
      note: null,
    };
    const { cause } = seen.death;
    const fingerprint = fingerprintOf(trial, cause, message.got);
    return {
      outcome: { status: 'failed', cause, message, exchange: seen.exchange, fingerprint },
      unsure: true,
    };
  }
  if (seen instanceof Unmet) {
    const message = { step, sent: seen.sent, expected: seen.expected, got: seen.got, note: seen.hint };
    const { reason: cause, exchange } = seen;
    const fingerprint = fingerprintOf(trial, cause, message.got);
    return { outcome: { status: 'failed', cause, message, exchange, fingerprint }, unsure: cause === 'hung' };
  }
  const why = seen instanceof Error ? (seen.stack ?? seen.message) : String(seen);
  return { outcome: { status: 'error', why }, unsure: false };
}

/** A program that just died answers strangely: its death explains more than its last answer. */
async function deathBehind(error: unknown, trial: Trial): Promise<unknown> {
  try {
    await trial.checkAlive(error instanceof Unmet ? error : null);
    return error;
  } catch (died) {
    return died;
  }
}
