import { nearestId } from '../../catalog/resolve-id.ts';
import { findOnRoadmap } from '../../catalog/roadmap.ts';
import { NAME } from './assignment.ts';
import type { AssignmentFile } from './assignment.ts';
import type { FileProblem } from './read.ts';
import { valueAt } from './shape-problem.ts';
import type { Place } from './shape-problem.ts';
import { instantOf, LOCAL_TIME, zoneProblem } from './times.ts';

/**
 * What the schema cannot see: ids, names, zones, days that no calendar has, times in the wrong order. `file` is what YAML made,
 * whatever its shape; what has another shape than it should is passed over here. So a person hears of all mistakes at once.
 */
export function meaningProblems(file: unknown, known: readonly { id: string }[]): FileProblem[] {
  const zone = valueAt(file, ['timezone']);
  const wrongZone = typeof zone === 'string' ? zoneProblem(zone) : null;
  const times = new Times(file, typeof zone === 'string' && wrongZone === null ? zone : 'UTC');
  const exercises = listAt(file, 'exercises');
  const extensions = listAt(file, 'extensions');
  const ids = exercises.map((each) => valueAt(each, ['id']));
  return [
    ...(wrongZone === null ? [] : [{ at: ['timezone'], message: wrongZone }]),
    ...idProblems(ids, known),
    ...extensionProblems(extensions, ids),
    ...times.orderProblems(exercises.length),
    ...extensions.flatMap((_, index) => times.problemsAt(['extensions', index, 'due'])),
  ];
}

function idProblems(ids: readonly unknown[], known: readonly { id: string }[]): FileProblem[] {
  return ids.flatMap((id, index): FileProblem[] => {
    if (typeof id !== 'string') return [];
    const at: Place = ['exercises', index, 'id'];
    if (ids.indexOf(id) < index)
      return [{ at, message: `${id} stands here a second time. Take one of them out.` }];
    if (known.some((each) => each.id === id)) return [];
    if (findOnRoadmap(id) !== null)
      return [{ at, message: `${id} is not in this workbook, so nobody could do it. Take it out.` }];
    const near = nearestId(
      known.map((each) => each.id),
      id,
    );
    const next = near === null ? '`npm run list` shows what is there.' : `Did you mean ${near}?`;
    return [{ at, message: `There is no exercise called ${id === '' ? '""' : id}. ${next}` }];
  });
}

function extensionProblems(extensions: readonly unknown[], ids: readonly unknown[]): FileProblem[] {
  const seen = new Map<string, number>();
  return extensions.flatMap((each, index): FileProblem[] => {
    const student = valueAt(each, ['student']);
    const exercise = valueAt(each, ['exercise']);
    const problems: FileProblem[] = [];
    if (typeof student === 'string' && !NAME.test(student))
      problems.push({
        at: ['extensions', index, 'student'],
        message: `${JSON.stringify(student)} is no student of a roster: letters, digits, ".", "_" and "-", at most 64, and no dot in front.`,
      });
    if (typeof exercise === 'string' && !ids.includes(exercise)) {
      const assigned = ids.filter((id) => typeof id === 'string');
      const near = nearestId(assigned, exercise);
      const next =
        near === null ? 'Name one of `exercises`, or leave the key out for all.' : `Did you mean ${near}?`;
      problems.push({
        at: ['extensions', index, 'exercise'],
        message: `${exercise === '' ? '""' : exercise} is not assigned here. ${next}`,
      });
    }
    if (typeof student !== 'string') return problems;
    const key = JSON.stringify([student, exercise ?? null]);
    if (seen.has(key))
      problems.push({
        at: ['extensions', index, 'student'],
        message: `${student} has an extension for the same already. Take one of them out.`,
      });
    seen.set(key, index);
    return problems;
  });
}

/** The times of a file, as far as they are some. */
class Times {
  readonly #file: unknown;
  readonly #zone: string;

  constructor(file: unknown, zone: string) {
    this.#file = file;
    this.#zone = zone;
  }

  /** What is wrong with one time. What is no time at all is the schema's to say. */
  problemsAt(at: Place): FileProblem[] {
    const text = valueAt(this.#file, at);
    if (typeof text !== 'string' || !LOCAL_TIME.test(text)) return [];
    const instant = instantOf(text, this.#zone, 'end');
    return instant.ok ? [] : [{ at, message: instant.problem }];
  }

  /** Times that do not exist, and due times that are not after the opening. */
  orderProblems(exercises: number): FileProblem[] {
    const groups: Place[] = [
      [],
      ...Array.from({ length: exercises }, (_, index): Place => ['exercises', index]),
    ];
    return groups.flatMap((group) => {
      const single = [...this.problemsAt([...group, 'opens']), ...this.problemsAt([...group, 'due'])];
      if (single.length > 0) return single;
      const [opens, due] = [this.#holding(group, 'opens'), this.#holding(group, 'due')];
      // Both of the assignment's own were said there.
      const isOwn = group.length === 0 || opens?.isOwn === true || due?.isOwn === true;
      if (!isOwn || opens === null || due === null || opens.at < due.at) return [];
      const at = due.isOwn ? [...group, 'due'] : [...group, 'opens'];
      const message = `It is due ${due.text}, and opens ${opens.text}: nobody would have time. Put the due time after the opening.`;
      return [{ at, message }];
    });
  }

  #holding(group: Place, key: 'opens' | 'due'): { at: number; text: string; isOwn: boolean } | null {
    const own = valueAt(this.#file, [...group, key]);
    const text = own ?? valueAt(this.#file, [key]);
    if (typeof text !== 'string' || !LOCAL_TIME.test(text)) return null;
    const instant = instantOf(text, this.#zone, key === 'due' ? 'end' : 'start');
    return instant.ok ? { at: instant.at, text, isOwn: own !== undefined } : null;
  }
}

function listAt(file: unknown, key: string): unknown[] {
  const list = valueAt(file, [key]);
  return Array.isArray(list) ? list : [];
}

/** What is allowed and probably not meant. */
export function notesOn(file: AssignmentFile): string[] {
  const notes: string[] = [];
  const hasDue = file.due !== undefined || file.exercises.some(({ due }) => due !== undefined);
  if (!hasDue && file.late.policy !== 'none')
    notes.push('Nothing is due, so nothing is ever late, and `late` never costs anything.');
  if (!hasDue && file.extensions.length > 0) notes.push('Nothing is due, so extensions change nothing.');
  if (file.lateDays > 0 && file.late.policy === 'none')
    notes.push('Lateness costs nothing (`policy: none`), so late days are never spent.');
  if (file.exercises.every(({ weight }) => weight === 0))
    notes.push('Every exercise has the weight 0, so everybody gets 0 of 0 points.');
  for (const { student, due, exercise } of file.extensions) {
    const of = file.exercises.filter(({ id }) => exercise === undefined || id === exercise);
    const gives = of.some((each) => {
      const usual = each.due ?? file.due;
      return usual !== undefined && isBefore(usual, due, file.timezone);
    });
    if (hasDue && !gives)
      notes.push(
        `The extension of ${student} to ${due} is not later than what is due anyway: it gives no time.`,
      );
  }
  return notes;
}

function isBefore(a: string, b: string, zone: string): boolean {
  const [first, second] = [instantOf(a, zone, 'end'), instantOf(b, zone, 'end')];
  return first.ok && second.ok && first.at < second.at;
}
