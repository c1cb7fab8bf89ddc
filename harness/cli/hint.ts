import { describeProblem } from '../catalog/load-exercise.ts';
import { readHints } from '../catalog/hints.ts';
import type { Exercise, Rule } from '../catalog/exercise.ts';
import { UNTRIED } from '../progress/progress.ts';
import type { Progress, States } from '../progress/progress.ts';
import { harmlessJson } from '../verdict/json.ts';
import { assignedIn } from './assigned.ts';
import { chosenExercise } from './chosen.ts';
import type { Command, Input } from './command.ts';
import { inCi } from './context.ts';
import type { Context, ExitCode } from './context.ts';
import { allExercises, currentListed, withProgress } from './exercises.ts';
import type { Found, ProgressAccess } from './exercises.ts';
import { chooseRule } from './hint-choice.ts';
import { HINT_SCHEMA, renderHint } from './hint-page.ts';
import type { HintDocument } from './hint-page.ts';
import { lockedText, lockOf } from './locks.ts';
import { findRule, looksLikeRule, ruleWithoutExercise } from './rules.ts';

export const hintCommand: Command = {
  name: 'hint',
  summary: 'Show the next hint for a rule: first a nudge, in the end nearly the code.',
  positionals: [
    { name: '[ID]', help: 'The exercise, for example 01-http-server. Without it: the one you are at.' },
    {
      name: '[RULE]',
      help: 'The rule, for example R5. Without it: the first that failed in your last check.',
    },
  ],
  options: {
    all: { help: 'Show all hints of the rule at once. The last one is nearly the code.' },
    level: { value: 'N', help: 'Show the hints up to this one, whatever you have seen.' },
    json: { help: 'Print it as JSON. harness/cli/hint-page.ts describes the format.' },
  },
  examples: [
    ['npm run hint', 'where you are stuck'],
    ['npm run hint 01-http-server R4', 'one rule; the next hint each time'],
  ],
  notes: ['Nobody takes points off for hints. Your progress remembers which you have seen.'],
  run: runHint,
};

async function runHint(input: Input, context: Context): Promise<ExitCode> {
  const refused = misuse(input);
  const listed = allExercises(context);
  if (refused !== null || !listed.ok) return say(context, refused ?? (listed.ok ? '' : listed.message), 2);
  const assigned = await assignedIn(context, listed.value);
  return await withProgress(context, async (access) => {
    const states: States = access.ok ? access.progress.states() : new Map();
    const [typed, typedRule] = input.positionals;
    if (typed !== undefined && looksLikeRule(typed)) {
      const current = currentListed(listed.value, states, assigned)?.id ?? 'ID';
      return say(context, ruleWithoutExercise('hint', typed, current), 2);
    }
    const chosen = chosenExercise('hint', typed, listed.value, states, assigned);
    if (!chosen.ok) return say(context, chosen.message, 2);
    const exercise = chosen.value;
    const lock = lockOf(exercise, access.ok ? states : null, inCi(context.env), assigned);
    if (lock.kind === 'locked') {
      const text = lockedText(exercise.id, lock.missing, listed.value, states, assigned);
      return say(context, `Its hints wait as well. ${text}`, 3);
    }
    return showHint(exercise, typedRule, { access, states, input, context });
  });
}

function misuse(input: Input): string | null {
  const level = input.value('level');
  if (level === null) return null;
  if (input.flag('all')) return 'Give either --all or --level, not both.';
  return /^[1-9]\d?$/.test(level) ? null : '--level takes a whole number from 1 up: 1 is the vaguest hint.';
}

type Round = { access: ProgressAccess; states: States; input: Input; context: Context };

function showHint(exercise: Exercise, typed: string | undefined, round: Round): ExitCode {
  const { access, states, input, context } = round;
  const { id } = exercise;
  const state = states.get(id) ?? UNTRIED;
  const rule = ruleOf(exercise, typed, state);
  if (!rule.ok) return say(context, rule.message, 2);
  if (rule.value === null) return nothingFailed(id, chooseRule(exercise, state).kind, input, context);
  const levels = levelsOf(exercise, rule.value.rule);
  if (!levels.ok) return say(context, levels.message, 2);
  const asked = input.value('level');
  const hints = levels.value;
  const name = rule.value.rule.id;
  if (Number(asked ?? 1) > hints.length) {
    return say(
      context,
      `${id} has ${count(hints.length)} for ${name}: --level goes up to ${hints.length}.`,
      2,
    );
  }
  const wanted = (reached: number) => {
    if (input.flag('all')) return hints.length;
    return asked === null ? Math.min(reached + 1, hints.length) : Number(asked);
  };
  const { level, remembered } = remember(access, id, name, wanted, context);
  const line = remembered
    ? `npm run hint ${id} ${name}`
    : `npm run hint -- ${id} ${name} --level ${level + 1}`;
  const document: HintDocument = {
    schema: HINT_SCHEMA,
    exercise: id,
    rule: name,
    title: rule.value.rule.title,
    citation: rule.value.rule.citation,
    why: rule.value.why,
    levels: hints.length,
    level,
    hints: hints.slice(0, level),
    remembered,
    next: level < hints.length ? line : `npm run solution ${id}`,
  };
  const options = { ...context.terminal, all: input.flag('all'), passed: state.passedAt !== null };
  context.terminal.out(
    // Hints come from a file that anybody may have edited.
    input.flag('json') ? harmlessJson(document) : renderHint(document, options),
  );
  return 0;
}

/** The rule that was named, or the one to go on with; null: there is none, see `chooseRule`. */
function ruleOf(
  exercise: Exercise,
  typed: string | undefined,
  state: Parameters<typeof chooseRule>[1],
): Found<{ rule: Rule; why: HintDocument['why'] } | null> {
  const named = findRule(exercise, typed);
  if (!named.ok) return named;
  const rule = exercise.rules.find((each) => each.id === named.id);
  if (rule !== undefined) return { ok: true, value: { rule, why: 'named' } };
  const choice = chooseRule(exercise, state);
  return { ok: true, value: choice.kind === 'rule' ? { rule: choice.rule, why: choice.why } : null };
}

function levelsOf(exercise: Exercise, rule: Rule): Found<string[]> {
  const read = readHints(exercise);
  if (!read.ok) return { ok: false, message: describeProblem(read.problem) };
  const levels = read.hints.get(rule.id) ?? [];
  if (levels.length > 0) return { ok: true, value: levels };
  return { ok: false, message: `exercises/${exercise.id}/hints.md has no hints for ${rule.id}.` };
}

/** Takes the level from progress and keeps it there. Without progress every call begins anew, and says so. */
function remember(
  access: ProgressAccess,
  id: string,
  rule: string,
  wanted: (reached: number) => number,
  { terminal }: Context,
): { level: number; remembered: boolean } {
  const shown: ReturnType<Progress['showHint']> = access.ok
    ? access.progress.showHint(id, rule, wanted)
    : access;
  if (shown.ok) return { level: shown.level, remembered: true };
  terminal.err(`${shown.message}\n${FORGOTTEN}\n\n`);
  return { level: wanted(0), remembered: false };
}

function nothingFailed(id: string, kind: string, input: Input, context: Context): ExitCode {
  const text = kind === 'passed' ? ALL_PASSED : `${STOPPED} npm run check ${id} says why.`;
  const message = `${text}\nTo see hints for a rule, name it: npm run hint ${id} R1`;
  // For a program that waits for a hint, this is wrong use.
  if (input.flag('json')) return say(context, message, 2);
  context.terminal.out(`${message}\n`);
  return 0;
}

/** Talk that ends the command. */
function say(context: Context, message: string, code: ExitCode): ExitCode {
  context.terminal.err(`${message}\n`);
  return code;
}

const count = (hints: number) => `${hints} ${hints === 1 ? 'hint' : 'hints'}`;

const FORGOTTEN = 'So nobody can remember which hints you have seen, and each call begins anew.';
const ALL_PASSED = 'All rules passed in your last check.';
const STOPPED = 'In your last check no rule failed, but some could not be tried.';
