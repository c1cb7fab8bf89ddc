import { ask } from './connection.ts';
import { cut } from './show.ts';
import type { BrokenTried, RightTried, TestsQuestion } from './tests-link.ts';
import { Unmet } from './unmet.ts';

/** A learner's tests (parts of kind `tests`), and how they meet programs of ours. */
export class Tests {
  private readonly part: string;
  private readonly rule: string;
  private readonly attempt: number;

  constructor(part: string, rule: string, attempt: number) {
    this.part = part;
    this.rule = rule;
    this.attempt = attempt;
  }

  /**
   * Ends the rule unless there are tests, they call one of these exports, and all of them pass on every right program. It
   * stops at the first right program that is rejected.
   */
  async mustPassOnRight(exports: readonly string[]): Promise<readonly RightTried[]> {
    const tried = await this.right({ kind: 'first' });
    for (const each of tried) mustBeClean(each, 'every test passes on a right program');
    const [first] = tried;
    if (first === undefined || first.passed === 0) {
      throw new Unmet({ expected: 'at least one test', got: 'no test ran' });
    }
    if (!exports.some((name) => (first.reached.calls[name] ?? 0) > 0)) {
      const expected = `tests that call ${exports.join(' or ')}`;
      const got =
        first.passed === 1 ? 'the one test that ran does not' : `none of ${first.passed} tests does`;
      throw new Unmet({ expected, got });
    }
    return tried;
  }

  /** The right programs once more, among the broken ones, in another world. */
  async again(world: 'shuffled' | 'moved'): Promise<readonly RightTried[]> {
    return await this.right({ kind: 'again', world });
  }

  /** Ends the rule unless a test fails on each broken program of this rule. */
  async mustCatch(): Promise<void> {
    const tried = await this.broken();
    if (tried.length === 0) throw new Error(`no broken program belongs to ${this.rule}`);
    const missed = tried.filter(({ caught }) => caught.kind !== 'caught');
    if (missed.length === 0) return;
    const list = missed.map(({ about, caught }) =>
      caught.kind === 'not-counted' ? `${about} (${caught.why})` : about,
    );
    const [only] = list;
    throw new Unmet({
      expected: 'a test that fails on each wrong program, and passes on the right ones',
      got:
        list.length === 1
          ? `not caught: ${only}`
          : cut(`${list.length} of ${tried.length} were not caught: ${list.join('; ')}`, 1_000),
    });
  }

  private async right(question: TestsQuestion): Promise<RightTried[]> {
    const reply = await ask({ op: 'tests', part: this.part, attempt: this.attempt, question });
    if (reply.kind !== 'tests' || reply.right === undefined)
      throw new Error(`the harness answered ${reply.kind}`);
    return reply.right;
  }

  private async broken(): Promise<BrokenTried[]> {
    const question = { kind: 'broken' as const, rule: this.rule };
    const reply = await ask({ op: 'tests', part: this.part, attempt: this.attempt, question });
    if (reply.kind !== 'tests' || reply.broken === undefined)
      throw new Error(`the harness answered ${reply.kind}`);
    return reply.broken;
  }
}

/** Ends the rule on the first thing that is wrong with a run on a right program. */
export function mustBeClean({ fault, faults, others: named }: RightTried, expected: string): void {
  if (fault === null) return;
  const { test, place, error, cause } = fault;
  const where = place ?? test?.file ?? null;
  const what = test === null || test.name === '' ? null : `test "${test.name}"`;
  const sent = [what, where === null ? null : `(${where})`].filter((part) => part !== null).join(' ');
  const names = named.map((each) => `"${cut(each.name, 120)}" (${each.file})`).join(', ');
  const others = faults > 1 ? ` · and ${faults - 1} more${names === '' ? '' : `: ${names}`}` : '';
  const untold = faults - 1 - named.length;
  const rest = named.length > 0 && untold > 0 ? ', …' : '';
  const said = error.name === '' ? error.message : `${error.name}: ${error.message}`;
  const isTimed = cause === 'hung' || /timed out in \d+ms/.test(error.message);
  throw new Unmet({
    expected,
    got: `${cut(said.split('\n', 12).join('\n'), 800)}${others}${rest}`,
    sent: sent === '' ? null : sent,
    cause: isTimed && cause !== 'wrong' ? 'hung' : 'wrong',
  });
}
