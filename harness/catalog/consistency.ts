import { basename, resolve } from 'node:path';
import picomatch from 'picomatch';
import type { ExerciseFile } from './exercise-file.ts';
import type { Exercise, Rule } from './exercise.ts';
import { whyNotHeldBack } from './held-back.ts';
import { SEALED_SUITE } from './hidden.ts';
import { printable, quoted } from './printable.ts';
import { folderProblem } from './regular-file.ts';
import { findOnRoadmap } from './roadmap.ts';

/** A mistake in exercise.json that shows only beside the README, the suites or the other exercises. */
export type Mistake = { key: string; expected: string; message: string };

/** Files of an exercise's folder that are ours, whatever `editable` says. */
const OURS = ['README.md', 'exercise.json', 'hints.md', 'quiz.json', `hidden/${SEALED_SUITE}`];

/** The first mistake, or null. `file` is what `exercise` was made from; `root` is the workbook's folder. */
export function findMistake(root: string, exercise: Exercise, file: ExerciseFile): Mistake | null {
  return (
    strayRule(exercise, file) ??
    unknownPart(exercise, file) ??
    wrongNeed(exercise.rules) ??
    circularNeed(exercise.rules) ??
    wrongHoldBack(exercise.rules) ??
    wrongRequirement(exercise, root) ??
    wrongGlob(exercise) ??
    closedEntry(exercise)
  );
}

function strayRule({ rules }: Exercise, file: ExerciseFile): Mistake | null {
  const stray = Object.keys(file.rules).find((id) => !rules.some((rule) => rule.id === id));
  if (stray === undefined) return null;
  return {
    key: `rules.${stray}`,
    expected: `a rule that README.md lists below Core or Extra: ${some(rules.map((rule) => rule.id))}`,
    message: `README.md has no rule ${stray}.`,
  };
}

function unknownPart({ parts }: Exercise, file: ExerciseFile): Mistake | null {
  for (const [id, { part }] of Object.entries(file.rules)) {
    if (part === undefined || parts.some((known) => known.name === part)) continue;
    return {
      key: `rules.${id}.part`,
      expected: `the name of a part of this file: ${some(parts.map((known) => known.name))}`,
      message: `There is no part ${quoted(part)}.`,
    };
  }
  return null;
}

function wrongNeed(rules: Rule[]): Mistake | null {
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  for (const rule of rules) {
    for (const [index, id] of rule.needs.entries()) {
      const key = `rules.${rule.id}.needs.${index}`;
      const needed = byId.get(id);
      if (needed === undefined) {
        const expected = `a rule that README.md lists: ${some([...byId.keys()])}`;
        return { key, expected, message: `README.md has no rule ${id}.` };
      }
      if (rule.tier === 'core' && needed.tier === 'extra') {
        const message = `${rule.id} is core and needs ${id}, which is extra: nobody could pass without it.`;
        return { key, expected: 'a core rule', message };
      }
    }
  }
  return null;
}

/** What an edition leaves out must be missed by nobody who works in it: not for a pass, and not by another rule. */
function wrongHoldBack(rules: Rule[]): Mistake | null {
  const held = new Set(rules.filter(({ graded }) => graded).map(({ id }) => id));
  for (const id of held) {
    const why = whyNotHeldBack(id, rules, held);
    if (why === null) continue;
    return { key: `rules.${id}.graded`, expected: 'an extra rule that no other rule needs', message: why };
  }
  return null;
}

function circularNeed(rules: Rule[]): Mistake | null {
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  const finished = new Set<string>();
  /** The rules on the way to the present one; a rule that comes up again closes a circle. */
  const way: string[] = [];

  const visit = (id: string): string[] | null => {
    if (finished.has(id)) return null;
    if (way.includes(id)) return [...way.slice(way.indexOf(id)), id];
    way.push(id);
    for (const needed of byId.get(id)?.needs ?? []) {
      const circle = visit(needed);
      if (circle !== null) return circle;
    }
    way.pop();
    finished.add(id);
    return null;
  };

  for (const rule of rules) {
    const circle = visit(rule.id);
    if (circle === null) continue;
    return {
      key: `rules.${circle[0]}.needs`,
      expected: 'rules that can be built one after the other',
      message: `The rules need each other in a circle: ${some(circle, ' → ')}.`,
    };
  }
  return null;
}

function wrongRequirement(exercise: Exercise, root: string): Mistake | null {
  for (const [index, id] of exercise.requires.entries()) {
    const key = `requires.${index}`;
    if (id === exercise.id) {
      return {
        key,
        expected: 'another exercise',
        message: 'The exercise requires itself: it could never open.',
      };
    }
    // The roadmap's exercises may come later; any other has to be here.
    if (findOnRoadmap(id) !== null || folderProblem(resolve(root, 'exercises', id)) === null) continue;
    const expected = 'an exercise of the roadmap, or a folder of exercises/';
    return { key, expected, message: `There is no exercise ${quoted(id)}.` };
  }
  return null;
}

/** The learner's files are compiled and handed in: the suite and the spec are never among them. */
function wrongGlob(exercise: Exercise): Mistake | null {
  const ours = [...OURS, ...exercise.suites.map((path) => `hidden/${basename(path)}`)];
  for (const [index, glob] of exercise.editable.entries()) {
    const matches = picomatch(glob, { windows: false });
    const taken = ours.find((path) => matches(path));
    if (taken === undefined) continue;
    return {
      key: `editable.${index}`,
      expected: 'a glob that names only files of the learner, such as "src/**/*.ts"',
      message: `${quoted(glob)} takes in ${printable(taken)}, which belongs to the exercise.`,
    };
  }
  return null;
}

/** Only editable files are compiled, so an entry outside of them would never be found. */
function closedEntry(exercise: Exercise): Mistake | null {
  const isEditable = picomatch(exercise.editable, { windows: false });
  for (const part of exercise.parts) {
    if ((part.kind !== 'http' && part.kind !== 'module') || isEditable(part.entry)) continue;
    return {
      key: `parts.${part.name}.entry`,
      expected: `a file that one of the globs in editable names: ${some(exercise.editable)}`,
      message: `The learner cannot edit ${quoted(part.entry)}.`,
    };
  }
  return null;
}

/** The first few of a list. */
function some(items: string[], separator = ', '): string {
  return printable(items.slice(0, 12).join(separator)) + (items.length > 12 ? `${separator}…` : '');
}
