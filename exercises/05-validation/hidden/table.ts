// canary 7c1e0b6ad39f52488e60d1b7
import { step, Unmet } from '#suite';
import type { Answer } from '#suite';
import { isEvent, mustBeCreated, mustFault, mustFaultQuery, mustName, mustStore, mustTell } from './stage.ts';
import type { Desk, Fault, Input } from './stage.ts';

/** One request of a table. `stores`: what it brings to the repository; null: it is refused. */
export type Case = {
  readonly what: string;
  readonly stores: Input | null;
  /** Asked beside others. */
  ask(desk: Desk): Promise<Answer>;
  /** Looks at the answer alone. Throws what a rule that is not kept throws. */
  look(answer: Answer): void;
  /** Asked by itself, with a look at the repository too. */
  alone(desk: Desk): Promise<unknown>;
};

/** So many are asked at the same moment. */
const TOGETHER = 8;

export function right(what: string, json: unknown, parsed: Input = json as Input): Case {
  return {
    what,
    stores: parsed,
    ask: ({ app }) => app.post('/events', { json }),
    look: (answer) => mustBeCreated(answer, parsed),
    alone: (desk) => mustStore(desk, json, parsed),
  };
}

export function wrong(what: string, json: unknown, ...faults: readonly Fault[]): Case {
  return {
    what,
    stores: null,
    ask: ({ app }) => app.post('/events', { json }),
    look: (answer) => mustName(answer, faults),
    alone: (desk) => mustFault(desk, json, ...faults),
  };
}

/** A body that is no value here, such as one with 1e400. */
export function wrongText(what: string, body: string, ...faults: readonly Fault[]): Case {
  const ask = ({ app }: Desk): Promise<Answer> =>
    app.post('/events', { headers: { 'Content-Type': 'application/json' }, body });
  return {
    what,
    stores: null,
    ask,
    look: (answer) => mustName(answer, faults),
    alone: async (desk) => mustTell(desk, await ask(desk), faults),
  };
}

/** `query`: without the question mark. */
export function wrongQuery(what: string, query: string, ...faults: readonly Fault[]): Case {
  return {
    what,
    stores: null,
    ask: ({ app }) => app.get(`/events?${query}`),
    look: (answer) => mustName(answer, faults),
    alone: (desk) => mustFaultQuery(desk, `?${query}`, ...faults),
  };
}

/**
 * A table of requests, each a step of its own. Several are asked at the same moment, which takes a third of the time. When
 * one of them is not as it has to be, they are asked again one after the other: then the verdict tells of the first that
 * fails, and of nothing else that went on beside it.
 */
export async function tryEach(desk: Desk, cases: readonly Case[]): Promise<void> {
  for (let from = 0; from < cases.length; from += TOGETHER) {
    const some = cases.slice(from, from + TOGETHER);
    desk.t.step = some[0]?.what ?? '';
    // A program that died or hung is asked one by one: its last request tells what it died of.
    if (!desk.t.isRepeated && (await allHold(desk, some))) continue;
    for (const each of some) await step(desk.t, each.what, () => each.alone(desk));
  }
}

async function allHold(desk: Desk, cases: readonly Case[]): Promise<boolean> {
  const before = [desk.add.calls.length, desk.list.calls.length] as const;
  const outcomes = await Promise.allSettled(cases.map((each) => each.ask(desk)));
  const reasons = outcomes.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
  const gone = reasons.find((reason) => !(reason instanceof Unmet));
  if (gone !== undefined) throw gone;
  const stored = cases.flatMap(({ stores }) => (stores === null ? [] : [stores]));
  if (desk.add.calls.length - before[0] < stored.length) await desk.t.quiet();
  const calls = desk.add.calls.slice(before[0]);
  const holds =
    cases.every((each, index) => looksRight(each, outcomes[index])) &&
    calls.length === stored.length &&
    desk.list.calls.length === before[1] &&
    stored.every((event) => calls.some(([argument]) => isEvent(argument, event)));
  if (holds) {
    desk.known += stored.length;
    return true;
  }
  // Whatever they brought to the repository is not counted: they are asked again.
  await desk.t.quiet();
  desk.known += desk.add.calls.length - before[0] + desk.list.calls.length - before[1];
  return false;
}

function looksRight(each: Case, outcome: PromiseSettledResult<Answer> | undefined): boolean {
  if (outcome?.status !== 'fulfilled') return false;
  try {
    each.look(outcome.value);
    return true;
  } catch (error) {
    if (error instanceof Unmet) return false;
    throw error;
  }
}

/** A text that might keep a program busy. */
export type Ask = { what: string; ask: () => Promise<Answer> };

/** Asks for answers, of whatever kind. Four at the same moment, or one by one where it matters which of them it was. */
export async function surviveEach({ t }: Desk, asks: readonly Ask[]): Promise<void> {
  const oneByOne = async (some: readonly Ask[]): Promise<void> => {
    for (const each of some) await step(t, each.what, () => mustSurvive([each]));
  };
  if (t.isRepeated) return await oneByOne(asks);
  for (let from = 0; from < asks.length; from += 4) {
    const some = asks.slice(from, from + 4);
    try {
      await step(t, some[0]?.what ?? '', () => mustSurvive(some));
    } catch (error) {
      // What hung is tried once more, on a fresh host.
      if (!(error instanceof Unmet) || error.reason === 'hung') throw error;
      await oneByOne(some);
    }
  }
}

/** What is right and what is wrong is the matter of other rules. */
async function mustSurvive(asks: readonly Ask[]): Promise<void> {
  // Each three times: what takes long takes three times as long, and what does not is still quick.
  const answers = await Promise.all(asks.flatMap(({ ask }) => [ask(), ask(), ask()]));
  for (const answer of answers)
    answer.must('an answer, and no error of the server', ({ status }) => status < 500);
}
