import { parseDocument, Scalar, stringify, YAMLMap, YAMLSeq } from 'yaml';
import type { Pair } from 'yaml';
import type { AssignmentFile, LatePolicy } from './assignment.ts';

/** A new assignment in the words of its file. `titles`: of exercises, for comments beside their ids. */
export type NewAssignment = Omit<AssignmentFile, 'schema' | 'extensions'> & {
  titles: ReadonlyMap<string, string>;
};

/** The text of a new assignments/NAME.yaml: every key is there or beside a comment that says how to write it. */
export function assignmentText(name: string, wish: NewAssignment): string {
  const { title, timezone, opens, due, graceMinutes, late, lateDays, attempts, show, exercises } = wish;
  const optional = (key: string, time: string | undefined, example: string) =>
    time === undefined ? `# ${key}: ${example}` : `${key}: ${time}`;
  return `# An assignment of this workbook. Edit it as you like, then look at it with: npm run assign
# Times are those of a clock on the wall in \`timezone\`, written like 2026-12-04 23:59.
schema: 1
title: ${value(title === '' ? name : title)}
timezone: ${value(timezone)}

# From this time on the exercises are open to learners, whatever they passed before. Without it: at once.
${optional('opens', opens, '2026-11-20 08:00')}

# Until the end of this minute work is in time. Without it nothing is ever late.
${optional('due', due, '2026-12-04 23:59')}

# Minutes after the due time that do not count as late. Lateness counts from their end.
graceMinutes: ${graceMinutes}

# What lateness costs, of the points that the exercise got:
#   { policy: none }                            nothing
#   { policy: per-day, percent: 10, most: 50 }  10 percent for each day begun (24 hours), at most 50
#   { policy: decay, hours: 48, most: 100 }     a straight line: all is lost after 48 hours
#   { policy: zero }                            late work counts nothing
late: ${policyText(late)}

# Days that each student may be late in all before \`late\` costs anything. They are spent in the order of the exercises.
lateDays: ${lateDays}

# With how many different versions of its files a student's exercise is graded; null: as many as there are.
attempts: ${attempts ?? 'null'}

# How much of a graded run is told to students, before and after the due time: full, rules or score.
show: { before: ${show.before}, after: ${show.after} }

# weight: what the exercise counts. asks: core, or all for the extra rules too. Both may be left out: 1 and core.
# An exercise may have \`opens\` and \`due\` of its own.
exercises:
${exercises.map((each) => exerciseText(each, wish.titles.get(each.id))).join('\n')}

# More time for single students. Without \`exercise\` it holds for all of them. An extension never takes time away:
#   - student: ada
#     due: 2026-12-11 23:59
#     exercise: ${exercises[0]?.id ?? '01-http-server'}
#     why: was ill
# npm run assign -- ${name} --extend ada --due "2026-12-11 23:59"   writes such lines here.
extensions: []
`;
}

function exerciseText(
  { id, weight, asks }: AssignmentFile['exercises'][number],
  title: string | undefined,
): string {
  const comment = title === undefined ? '' : ` # ${title.replaceAll(/\s+/g, ' ')}`;
  return [
    `  - id: ${value(id)}${comment}`,
    ...(weight === 1 ? [] : [`    weight: ${weight}`]),
    ...(asks === 'core' ? [] : [`    asks: ${asks}`]),
  ].join('\n');
}

function policyText(late: LatePolicy): string {
  switch (late.policy) {
    case 'none':
    case 'zero':
      return `{ policy: ${late.policy} }`;
    case 'per-day':
      return `{ policy: per-day, percent: ${late.percent}, most: ${late.most} }`;
    case 'decay':
      return `{ policy: decay, hours: ${late.hours}, most: ${late.most} }`;
  }
}

/** A text as YAML has it, on one line, with quotes where it needs some. */
function value(text: string): string {
  return stringify(text.replaceAll(/\s+/g, ' ').trim(), { lineWidth: 0 }).trimEnd();
}

/** More time for one student, in the words of the file. `exercise` null: for all. */
export type NewExtension = { student: string; due: string; exercise: string | null; why: string };

/** `before`: the due time of the extension in whose place this one came; null: there was none. */
export type Extended = { text: string; before: string | null };

/**
 * The text of an assignment with an extension more. One for the same student and the same exercises is replaced. Comments
 * and the order of everything stay. `text` has been read without a mistake.
 */
export function withExtension(text: string, extension: NewExtension): Extended {
  const document = parseDocument(text, { version: '1.2' });
  const { contents } = document;
  if (!(contents instanceof YAMLMap)) throw new Error('An assignment that was read is no map.');
  const there: unknown = contents.get('extensions', true);
  const list = there instanceof YAMLSeq ? there : new YAMLSeq();
  if (list !== there) document.set('extensions', list);
  // `[]` is written on one line, and what is in it would be too.
  list.flow = false;
  const same = list.items.find(
    (item): item is YAMLMap =>
      item instanceof YAMLMap &&
      item.get('student') === extension.student &&
      (item.get('exercise') ?? null) === extension.exercise,
  );
  const before = same === undefined ? null : String(same.get('due'));
  const entry = same ?? new YAMLMap();
  put(entry, 'student', extension.student);
  put(entry, 'due', extension.due);
  if (extension.exercise !== null) put(entry, 'exercise', extension.exercise);
  if (extension.why !== '') put(entry, 'why', extension.why);
  if (same === undefined) list.add(entry);
  return { text: document.toString({ lineWidth: 0 }), before };
}

/** The text of an assignment that was read without a mistake, without its extensions and what its comments say of them. */
export function withoutExtensions(text: string): string {
  const document = parseDocument(text, { version: '1.2' });
  return document.delete('extensions') ? document.toString({ lineWidth: 0 }) : text;
}

/** Comments belong to the value in its place, so only the value is another. */
function put(entry: YAMLMap, key: string, text: string): void {
  const pair = entry.items.find((item: Pair) => item.key instanceof Scalar && item.key.value === key);
  if (pair?.value instanceof Scalar) pair.value.value = text;
  else entry.set(new Scalar(key), new Scalar(text));
}
