import { wrap } from '../verdict/layout.ts';
import { neutralise } from '../verdict/neutralise.ts';
import type { Step } from '../verify/content.ts';
import type { Todo } from '../verify/todo.ts';
import type { Proof } from '../verify/verify.ts';

export type Page = {
  columns: number;
  unicode: boolean;
  /** The exercise is the only one that is shown; otherwise it gets a line. */
  whole: boolean;
};

/** So many missing things of one step are named. */
const NAMED = 4;

const LABEL = 12;

/** What an incomplete exercise needs: the next thing with why, where and an example, then the others by name. */
export function incompleteText(todo: Todo, proof: Proof, page: Page): string[] {
  const { exercise, all, there, next, later } = todo;
  if (next === null) return [];
  const head = `${there} of ${all} things are there. Next: ${next.name}`;
  if (!page.whole) return [`${exercise.padEnd(24)} ${head} · npm run verify ${exercise}`];
  const wrong = judgedProblems(todo, proof);
  return [
    exercise,
    `${head}.`,
    '',
    ...row('missing', missingText(next), page),
    ...row('why', next.why, page),
    ...row('where', next.where, page),
    ...(next.example === null ? [] : row('example', next.example, page)),
    ...(later.length === 0 ? [] : ['', 'Then:', ...later.map((step) => laterText(step, page))]),
    '',
    ...judgedText(proof, wrong),
  ];
}

/** What the programs that are there show. What is not there yet is on the list above. */
function judgedProblems({ next, later }: Todo, { problems }: Proof): string[] {
  const listed = new Set([next, ...later].flatMap((step) => step?.missing ?? []));
  return problems.filter((problem) => !listed.has(problem));
}

function judgedText({ subjects, checks, slowestMs }: Proof, wrong: readonly string[]): string[] {
  const what = `What is there was judged: ${subjects} subjects, ${checks} checks, the slowest ${slowestMs} ms.`;
  if (wrong.length === 0) return [what, 'All of it is as it should be.'];
  return [what, 'Correct this first:', ...wrong.map((problem) => `  ${problem}`)];
}

function missingText({ missing }: Step): string {
  const shown = missing.slice(0, NAMED).map((each) => neutralise(each, { maxLines: 6 }));
  if (missing.length > NAMED) shown.push(`and ${missing.length - NAMED} more`);
  return shown.join('\n');
}

function row(label: string, text: string, { columns }: Page): string[] {
  const width = Math.max(30, Math.min(columns, 110) - LABEL);
  return wrap(text, width).map((line, index) => `${(index === 0 ? `  ${label}` : '').padEnd(LABEL)}${line}`);
}

function laterText({ name, missing }: Step, { unicode }: Page): string {
  const [first = ''] = missing;
  const count = missing.length === 1 ? 'one thing is missing' : `${missing.length} things are missing`;
  const why = missing.length === 1 && first.length <= 60 ? first : count;
  return `  ${unicode ? '○' : 'o'} ${name.padEnd(42)}${why}`;
}
