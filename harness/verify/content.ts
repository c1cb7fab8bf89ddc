import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Exercise } from '../catalog/exercise.ts';
import { parseHints } from '../catalog/hints.ts';
import { parseQuiz } from '../catalog/quiz.ts';
import { placeholders, sectionsOf } from './placeholder.ts';

/** One thing that an exercise needs. `missing` empty: it is there. */
export type Step = {
  /** What it is, as it stands in a list: `the contract`. */
  name: string;
  /** What is missing of it, each as a sentence. */
  missing: string[];
  /** The file or folder, relative to the workbook, with forward slashes. */
  where: string;
  /** Why an exercise needs it. */
  why: string;
};

/** The sections that every README has. */
const SECTIONS = [
  'What you build',
  'Why it matters',
  'Contract',
  'Rules',
  'Try it yourself',
  'Further reading',
];

const FEWEST = { mistakes: 10, variants: 2, levels: 2, questions: 5 };

/** What an exercise should have besides programs that are judged right. Empty: all of it is there. */
export function contentProblems(exercise: Exercise): string[] {
  return contentSteps(exercise).flatMap(({ missing }) => missing);
}

/** All that an exercise is made of, in the order in which it is built, each with what is missing of it. */
export function contentSteps(exercise: Exercise): Step[] {
  const { id, folder } = exercise;
  const sections = sectionsOf(read(join(folder, 'README.md')) ?? '');
  const spec = `exercises/${id}/README.md`;
  const ours = (name: string): string => join(folder, '..', '..', 'solutions', id, name);
  const inReadme = (...titles: string[]): string[] => {
    return titles.flatMap((title) => sectionProblems(title, sections.get(title)));
  };
  const others = [...sections.keys()].filter((title) => !SECTIONS.includes(title));
  return [
    {
      name: 'what is built, and why',
      missing: inReadme('What you build', 'Why it matters'),
      where: spec,
      why: 'Whoever opens it decides in a minute whether it is worth an evening. A real incident says more than advice.',
    },
    {
      name: 'the contract',
      missing: inReadme('Contract'),
      where: spec,
      why: 'The suite may rely on what stands there and on nothing else. What it leaves out is free, and a program that chooses otherwise must pass.',
    },
    {
      name: 'the rules',
      missing: inReadme('Rules'),
      where: spec,
      why: 'Everything is judged, hinted and scored by rule. Each has a source, so that nobody has to take our word for it.',
    },
    {
      name: 'the stub',
      missing: programProblems('the stub', ours('stub'), exercise),
      where: `solutions/${id}/stub`,
      why: 'It starts at once and scores nothing, with one TODO for each rule. The same bytes lie in the exercise’s src/.',
    },
    {
      name: 'the solution',
      missing: programProblems('the solution', ours('.'), exercise),
      where: `solutions/${id}/src`,
      why: 'It proves that the spec can be kept. Mistakes are edits of it.',
    },
    {
      name: 'the suite',
      missing: suiteProblems(exercise),
      where: `exercises/${id}/hidden`,
      why: 'One rule(…) for each rule of the spec. A rule without one can be neither passed nor failed.',
    },
    {
      name: 'the mistakes',
      missing: tooFew('mistakes', namesIn(ours('mistakes'), 'file'), FEWEST.mistakes, ours('mistakes')),
      where: `solutions/${id}/mistakes`,
      why: 'They prove that nobody is wrongly passed, and they become the line “this often means”.',
    },
    {
      name: 'the variants',
      missing: tooFew('variants', namesIn(ours('variants'), 'folder'), FEWEST.variants, null),
      where: `solutions/${id}/variants`,
      why: 'They prove that nobody is wrongly rejected: right programs, built in another way than the solution.',
    },
    {
      name: 'the hints',
      missing: hintProblems(exercise),
      where: `exercises/${id}/hints.md`,
      why: 'Whoever is stuck at night has nobody to ask. From a nudge to almost the code, for every rule.',
    },
    {
      name: 'the quiz',
      missing: quizProblems(exercise),
      where: `exercises/${id}/quiz.json`,
      why: 'Five questions about decisions, for what a program cannot show.',
    },
    {
      name: 'something to try, and further reading',
      missing: inReadme('Try it yourself', ...others, 'Further reading'),
      where: spec,
      why: 'People believe what they saw with their own hands.',
    },
    {
      name: 'the walk-through',
      missing: walkThroughProblems(ours('README.md')),
      where: `solutions/${id}/README.md`,
      why: 'Whoever has passed compares their way with ours, and wants to know why.',
    },
  ];
}

function sectionProblems(title: string, text: string | undefined): string[] {
  if (text === undefined) return [`README.md has no section "${title}"`];
  return placeholders(title === '' ? 'README.md' : `README.md, "${title}"`, text);
}

function programProblems(name: string, folder: string, { parts }: Exercise): string[] {
  const [part] = parts;
  if (part === undefined) return [];
  const text = read(join(folder, part.entry));
  return text === null ? [`${name} has no ${part.entry}`] : placeholders(`${name}, ${part.entry}`, text);
}

function suiteProblems({ folder, rules }: Exercise): string[] {
  const hidden = join(folder, 'hidden');
  const texts = (existsSync(hidden) ? readdirSync(hidden) : [])
    .filter((name) => name.endsWith('.ts'))
    .map((name) => ({ name, text: read(join(hidden, name)) ?? '' }));
  const all = texts.map(({ text }) => text).join('\n');
  const missing = rules
    .filter(({ id }) => !new RegExp(`\\b${id}\\b|['"\`]${id.charAt(0)}\\$\\{`).test(all))
    .map(({ id, title }) => `hidden/ has no rule('${id}', …): ${title}`);
  return [...missing, ...texts.flatMap(({ name, text }) => placeholders(`hidden/${name}`, text))];
}

/** `texts`: the folder whose files may hold placeholders. */
function tooFew(what: string, names: readonly string[], fewest: number, texts: string | null): string[] {
  const count = names.length < fewest ? [`there are ${names.length} of at least ${fewest} ${what}`] : [];
  if (texts === null) return count;
  return [
    ...count,
    ...names.flatMap((name) => placeholders(`mistakes/${name}`, read(join(texts, name)) ?? '')),
  ];
}

function namesIn(folder: string, kind: 'file' | 'folder'): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) =>
      kind === 'folder' ? entry.isDirectory() : entry.isFile() && entry.name.endsWith('.yaml'),
    )
    .map(({ name }) => name)
    .toSorted();
}

function hintProblems({ folder, rules }: Exercise): string[] {
  const text = read(join(folder, 'hints.md'));
  if (text === null) return ['there is no hints.md'];
  const hints = parseHints(text);
  const missing = rules
    .filter(({ id }) => (hints.get(id)?.length ?? 0) < FEWEST.levels)
    .map(({ id }) => `hints.md has fewer than two levels for ${id}`);
  const stray = [...hints.keys()]
    .filter((id) => !rules.some((rule) => rule.id === id))
    .map((id) => `hints.md has ${id}, which is no rule`);
  return [...missing, ...stray, ...placeholders('hints.md', text)];
}

function quizProblems({ folder }: Exercise): string[] {
  const text = read(join(folder, 'quiz.json'));
  if (text === null) return ['there is no quiz.json'];
  const quiz = parseQuiz(text);
  if (!quiz.ok) return [`quiz.json: ${quiz.problem}`];
  const count =
    quiz.questions.length === FEWEST.questions
      ? []
      : [`quiz.json has ${quiz.questions.length} questions instead of five`];
  return [...count, ...placeholders('quiz.json', text)];
}

function walkThroughProblems(file: string): string[] {
  const text = read(file);
  return text === null ? ['there is no walk-through'] : placeholders('README.md', text);
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
