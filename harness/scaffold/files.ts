import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Beginning } from './request.ts';

/** A line that Prettier leaves on one line, in characters. */
const LINE = 110;

/**
 * All files of a new exercise: path below the workbook, with forward slashes → text. `templates`: the folder
 * harness/scaffold/templates. It has one folder for each kind, with a stub, a solution, a suite and a mistake that are
 * real files: types, lint and format are checked like those of any exercise.
 */
export function scaffoldFiles(templates: string, beginning: Beginning): Map<string, string> {
  const { id, kind, title } = beginning;
  const exercise = `exercises/${id}`;
  const solution = `solutions/${id}`;
  const fill = (text: string): string =>
    text
      .replaceAll('{{CONTRACT}}', () => read(kind, 'contract.md'))
      .replaceAll('{{RULES}}', () => read(kind, 'rules.md'))
      .replaceAll('{{TRY}}', () => read(kind, 'try.md'))
      .replaceAll('{{ID}}', id)
      // Each file has a canary of its own: a leak says where it comes from.
      .replaceAll('{{CANARY}}', () => randomBytes(12).toString('hex'));
  const read = (...path: string[]): string => readFileSync(join(templates, ...path), 'utf8');

  const files = new Map<string, string>();
  const inTitle = (text: string): string => fill(text).replaceAll('{{TITLE}}', () => markdown(title));
  files.set(`${exercise}/README.md`, inTitle(read('README.md')));
  files.set(`${exercise}/exercise.json`, exerciseJson(read(kind, 'exercise.json'), beginning));
  files.set(`${exercise}/hints.md`, fill(read('hints.md')));
  files.set(`${exercise}/quiz.json`, fill(read('quiz.json')));
  files.set(`${solution}/README.md`, inTitle(read('walk-through.md')));
  const copies: [from: string, to: string][] = [
    ['stub', exercise],
    ['stub', `${solution}/stub`],
    ['solution', solution],
    ['hidden', `${exercise}/hidden`],
    ['mistakes', `${solution}/mistakes`],
  ];
  for (const [from, to] of copies) {
    for (const path of filesIn(join(templates, kind, from))) {
      files.set(`${to}/${path}`, fill(read(kind, from, path)));
    }
  }
  return files;
}

/** Relative paths of all files below a folder, with forward slashes, sorted. */
function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) =>
      entry.isDirectory()
        ? filesIn(join(folder, entry.name)).map((path) => `${entry.name}/${path}`)
        : [entry.name],
    )
    .toSorted();
}

/** The template with the values of this exercise, laid out as Prettier would. */
function exerciseJson(template: string, beginning: Beginning): string {
  const { title, phase, minutes, difficulty, requires } = beginning;
  return template
    .replace('"{{TITLE}}"', () => JSON.stringify(title))
    .replace('"phase": 1', `"phase": ${phase}`)
    .replace('"minutes": 60', `"minutes": ${minutes}`)
    .replace('"difficulty": 1', `"difficulty": ${difficulty}`)
    .replace('"requires": []', () => `"requires": ${list(requires)}`);
}

function list(items: readonly string[]): string {
  const quoted = items.map((item) => JSON.stringify(item));
  const line = `[${quoted.join(', ')}]`;
  if (`  "requires": ${line},`.length <= LINE) return line;
  return `[\n${quoted.map((item) => `    ${item}`).join(',\n')}\n  ]`;
}

/** A title is words, not Markdown. */
function markdown(text: string): string {
  return text.replace(/[\\`*_[\]<>#]/g, '\\$&');
}
