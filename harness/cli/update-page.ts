import type { ExerciseChange, RuleChange } from '../update/changes.ts';
import type { Report } from '../update/update.ts';
import { neutralise } from '../verdict/neutralise.ts';

export type Told = {
  /** Nothing was changed yet. */
  planned: boolean;
  /** `waiting`: npm ci has still to be run. */
  packages: 'untouched' | 'new' | 'waiting';
};

/** What an update changes, for a terminal. Ends with a line break. */
export function updatePage(report: Report, told: Told): string {
  const { changes } = report;
  const of = (kind: ExerciseChange['kind']): ExerciseChange[] =>
    changes.exercises.filter((each) => each.kind === kind);
  const blocks = [
    [headline(report, told)],
    block('New exercises', of('new').map(titled)),
    block('Changed exercises', of('changed').flatMap(changed)),
    block('Exercises that are gone', of('removed').map(titled)),
    block(`Your version ${told.planned ? 'stays' : 'stayed'}, and ours is another`, kept(report)),
    block(...setAside(report, told)),
    block('Besides', besides(report, told)),
    told.planned
      ? ['Nothing was changed yet. To bring it: npm run update']
      : ['What changed for you: npm run list, then npm run check -- --all judges everything again.'],
  ].filter((lines) => lines.length > 0);
  return `${neutralise(blocks.map((lines) => lines.join('\n')).join('\n\n'))}\n`;
}

function headline({ source, from, to, commits, merged }: Report, { planned }: Told): string {
  const way = merged ? ', joined with your own commits' : '';
  const range = `${from.slice(0, 7)} → ${to.slice(0, 7)}, ${counted(commits, 'commit')}`;
  return `${source.remote}/${source.branch} ${planned ? 'is newer' : 'is in'}: ${range}${way}.`;
}

function block(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`)];
}

function titled({ id, title }: ExerciseChange): string {
  return `${id.padEnd(24)} ${title}`;
}

function changed({ id, rules, what }: ExerciseChange): string[] {
  const lines = [...rules.map((rule) => ruleText(rule, id)), ...(what.length === 0 ? [] : [what.join(', ')])];
  return lines.map((line, index) => `${(index === 0 ? id : '').padEnd(24)} ${line}`);
}

function ruleText(rule: RuleChange, exercise: string): string {
  const number = exercise.slice(0, 2);
  switch (rule.kind) {
    case 'new':
      return `${rule.id} of ${number} is new: ${rule.title}`;
    case 'removed':
      return `${rule.id} of ${number} is gone: ${rule.title}`;
    case 'changed':
      return `${rule.id} of ${number} changed: ${rule.title} (before: ${rule.before})`;
    case 'moved':
      return `${rule.id} of ${number} ${rule.what}: ${rule.title}`;
  }
}

/** Each file with the line that shows how ours has changed. */
function kept({ kept: paths, from, to }: Report): string[] {
  return paths.flatMap((path) => [
    path,
    `    see how: git diff ${from.slice(0, 12)} ${to.slice(0, 12)} -- ${quotedPath(path)}`,
  ]);
}

function setAside({ aside: { paths, place } }: Report, { planned }: Told): [title: string, lines: string[]] {
  const title = planned
    ? `Would be moved to ${place}/, because the workbook has another version or none`
    : `Moved to ${place}/, because the workbook has another version or none`;
  return [title, paths];
}

function besides({ changes: { harness, others } }: Report, { packages, planned }: Told): string[] {
  const rest = others.filter((path) => path !== 'package-lock.json');
  const shown = rest.slice(0, 6).join(', ') + (rest.length > 6 ? ` and ${rest.length - 6} more` : '');
  const install = {
    untouched: planned ? 'the packages change: npm ci will run' : '',
    new: 'the packages changed: npm ci has run',
    waiting: 'the packages changed, and are not installed yet: run npm ci',
  }[packages];
  return [
    ...(harness === 0 ? [] : [`${counted(harness, 'file')} of the harness`]),
    ...(rest.length === 0 ? [] : [shown]),
    ...(others.length > rest.length ? [install] : []),
  ];
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** For a shell, where the name has more than plain characters. */
function quotedPath(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `"${path.replace(/["$`\\]/g, '\\$&')}"`;
}
