import { test } from 'vitest';
import { ask } from './connection.ts';
import { fingerprintOf } from './fingerprint.ts';
import { Dismissed } from './gate.ts';
import type { Plan, PlannedRule, RuleOutcome } from './link.ts';
import { definedRules, forgetRules } from './rule.ts';
import type { RuleBody } from './rule.ts';
import { Trial } from './trial.ts';
import { Died, Unjudged, Unloadable, Unmet } from './unmet.ts';

/** How often a rule is tried: what hung or died is repeated once, alone, on a fresh host. */
const TRIES = 2;

/** After this many rules that hung twice, later ones are tried once: a learner should not wait for minutes. */
const HANGS_REPEATED = 2;

/** `unsure`: the machine or an earlier rule may be to blame, so the rule deserves another try. */
type Ended = { outcome: RuleOutcome; unsure: boolean };

/** Registers the planned rules as one Vitest test. Results go to the main process as they come, one for each rule. */
export async function runPlan(): Promise<void> {
  const reply = await ask({ op: 'plan' });
  if (reply.kind !== 'plan') throw new Error('there is no plan');
  const { plan } = reply;
  const { rules, twice } = definedRules();
  // The thread may judge again, with the suites read anew.
  forgetRules();
  const stray = [...rules.keys()].filter((id) => !plan.known.includes(id));
  if (twice.length > 0) throw new Error(`the suite defines rules more than once: ${twice.join(', ')}`);
  if (stray.length > 0)
    throw new Error(`the suite defines rules that the spec does not have: ${stray.join(', ')}`);
  const state: RunState = { passed: new Set(), ended: endings(plan.rules), hangs: 0 };
  test('the rules', async () => {
    for (const planned of phasesOf(plan)) {
      await Promise.all(lanesOf(planned, plan).map((lane) => runLane(lane, rules, plan, state)));
    }
  });
}

/** What the rules of a run know of each other. `ended`: resolves as a rule has its result. */
type RunState = {
  passed: Set<string>;
  ended: Map<string, { wait: Promise<void>; tell: () => void }>;
  hangs: number;
};

function endings(rules: readonly PlannedRule[]): RunState['ended'] {
  return new Map(
    rules.map(({ id }) => {
      let tell = (): void => {};
      const wait = new Promise<void>((resolve) => (tell = resolve));
      return [id, { wait, tell }];
    }),
  );
}

/** The rules that somebody waits for, and then all others. */
function phasesOf({ rules, ahead }: Plan): PlannedRule[][] {
  const isAhead = ({ id }: PlannedRule): boolean => ahead.includes(id);
  return [rules.filter(isAhead), rules.filter((rule) => !isAhead(rule))];
}

function lanesOf(rules: readonly PlannedRule[], { parallel }: Plan): PlannedRule[][] {
  if (!parallel) return [[...rules]];
  const names = [...new Set(rules.map(({ part }) => part))];
  return names.map((name) => rules.filter(({ part }) => part === name));
}

/** One after the other. A rule comes after what it needs in the plan, so no two lanes wait for each other for good. */
async function runLane(
  lane: readonly PlannedRule[],
  rules: ReadonlyMap<string, RuleBody>,
  plan: Plan,
  state: RunState,
): Promise<void> {
  for (const planned of lane) {
    for (const need of planned.needs) await state.ended.get(need)?.wait;
    const begun = performance.now();
    const outcome = await judge(planned, rules.get(planned.id), plan, state);
    if (outcome.status === 'passed') state.passed.add(planned.id);
    await ask({
      op: 'result',
      result: { rule: planned.id, durationMs: performance.now() - begun, outcome },
    });
    state.ended.get(planned.id)?.tell();
  }
}

async function judge(
  planned: PlannedRule,
  body: RuleBody | undefined,
  plan: Plan,
  state: RunState,
): Promise<RuleOutcome> {
  if (body === undefined) return { status: 'error', why: `no suite defines ${planned.id}` };
  if (!planned.needs.every((id) => state.passed.has(id))) return { status: 'untried' };
  const tries = state.hangs < HANGS_REPEATED ? TRIES : 1;
  for (let attempt = 1; ; attempt++) {
    const { outcome, unsure } = await tryOnce(planned, body, plan, attempt);
    if (unsure && attempt < tries) continue;
    if (outcome.status === 'failed' && outcome.cause === 'hung') state.hangs++;
    return outcome;
  }
}

async function tryOnce(planned: PlannedRule, body: RuleBody, plan: Plan, attempt: number): Promise<Ended> {
  const trial = new Trial(planned.id, planned.part, attempt, plan.seed, plan.pace, plan.stop);
  try {
    await trial.begin();
    await body(trial);
    await trial.settle();
    await trial.gate.end();
    return { outcome: { status: 'passed' }, unsure: false };
  } catch (error) {
    return await explain(error, trial);
  } finally {
    await trial.end();
  }
}

async function explain(error: unknown, trial: Trial): Promise<Ended> {
  if (error instanceof Unloadable || error instanceof Unjudged || error instanceof Dismissed)
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
    // Whoever died without a word died of the request before, as far as anybody can tell.
    const request = trial.gate.requestOf(seen.exchange) ?? trial.gate.lastRequest();
    const fingerprint = fingerprintOf(trial, cause, message.got);
    return {
      outcome: { status: 'failed', cause, message, exchange: seen.exchange, request, fingerprint },
      unsure: true,
    };
  }
  if (seen instanceof Unmet) {
    const message = { step, sent: seen.sent, expected: seen.expected, got: seen.got, note: seen.hint };
    const { reason: cause, exchange } = seen;
    const fingerprint = fingerprintOf(trial, cause, message.got);
    const request = trial.gate.requestOf(exchange);
    return {
      outcome: { status: 'failed', cause, message, exchange, request, fingerprint },
      unsure: cause === 'hung',
    };
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
