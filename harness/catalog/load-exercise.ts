import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { findMistake } from './consistency.ts';
import { EXERCISE_ID, parseExerciseFile } from './exercise-file.ts';
import type { ExerciseFile } from './exercise-file.ts';
import type { Exercise, Part, Rule } from './exercise.ts';
import { openHidden } from './hidden.ts';
import { parseManifest } from './manifest.ts';
import type { ManifestRule } from './manifest.ts';
import { quoted } from './printable.ts';
import type { CatalogProblem } from './problem.ts';
import { failureOf, failureText, folderProblem, readTextFile, sizeText } from './regular-file.ts';

export { describeProblem } from './problem.ts';
export type { CatalogProblem } from './problem.ts';

export type LoadedExercise = { ok: true; exercise: Exercise } | { ok: false; problem: CatalogProblem };

const README_BYTES = 256 * 1024;
/** A file of hidden/ that is a suite, and not below another folder of it. */
const SUITE = /^[^./][^/]*\.suite\.ts$/;
const EXERCISE_FILE_BYTES = 64 * 1024;

/**
 * Reads and validates `exercises/<id>` below the workbook's `root`. The first mistake becomes the problem; nothing is
 * thrown for what a file or a disk can do. `id` may come from a command line: what is no id is never used as a path.
 */
export function loadExercise(root: string, id: string): LoadedExercise {
  if (!EXERCISE_ID.test(id)) {
    return failed('exercises', null, 'an id such as 04-jwt', `${quoted(id)} is not the id of an exercise.`);
  }
  const place = `exercises/${id}`;
  const folder = resolve(root, 'exercises', id);
  const missing = folderProblem(folder);
  if (missing !== null) return failed(place, null, 'the folder of an exercise', missing);

  const file = readExerciseFile(folder, place);
  if (!file.ok) return file;
  const manifest = readManifest(folder, place);
  if (!manifest.ok) return manifest;
  const suites = findSuites(folder, place);
  if (!suites.ok) return suites;

  const parts = partsOf(file.value);
  const rules = manifest.value.map((rule) => withDetails(rule, file.value, parts));
  const exercise: Exercise = {
    id,
    folder,
    title: file.value.title,
    phase: file.value.phase,
    minutes: file.value.minutes,
    difficulty: file.value.difficulty,
    requires: file.value.requires,
    editable: file.value.editable,
    parts,
    rules,
    suites: suites.value.map((name) => join(folder, 'hidden', name)),
  };
  const mistake = findMistake(root, exercise, file.value);
  if (mistake === null) return { ok: true, exercise };
  return failed(`${place}/exercise.json`, mistake.key, mistake.expected, mistake.message);
}

type Failed = { ok: false; problem: CatalogProblem };
type Read<Value> = { ok: true; value: Value } | Failed;

function failed(file: string, key: string | null, expected: string, message: string): Failed {
  return { ok: false, problem: { file, key, expected, message } };
}

function readExerciseFile(folder: string, place: string): Read<ExerciseFile> {
  const name = `${place}/exercise.json`;
  const read = readTextFile(join(folder, 'exercise.json'), EXERCISE_FILE_BYTES);
  if (!read.ok) {
    const expected = `a file of at most ${sizeText(EXERCISE_FILE_BYTES)} that describes the exercise`;
    return failed(name, null, expected, failureText(read, EXERCISE_FILE_BYTES));
  }
  const parsed = parseExerciseFile(read.text);
  if (parsed.ok) return { ok: true, value: parsed.file };
  const [first] = parsed.problems;
  return failed(name, first.key, first.expected, first.message);
}

function readManifest(folder: string, place: string): Read<ManifestRule[]> {
  const name = `${place}/README.md`;
  const read = readTextFile(join(folder, 'README.md'), README_BYTES);
  if (!read.ok) {
    const expected = `a file of at most ${sizeText(README_BYTES)} with the spec and its rules`;
    return failed(name, null, expected, failureText(read, README_BYTES));
  }
  const parsed = parseManifest(read.text);
  if (parsed.ok) return { ok: true, value: parsed.rules };
  const [first] = parsed.problems;
  return failed(name, `line ${first.line}`, first.expected, first.message);
}

/** The names of the suite files, sorted. */
function findSuites(folder: string, place: string): Read<string[]> {
  const name = `${place}/hidden`;
  const expected = 'a folder with one or more files called *.suite.ts';
  const sealed = openHidden(folder);
  if (sealed?.ok === false) return sealed;
  if (sealed !== null) {
    const suites = [...sealed.files.keys()].filter((path) => SUITE.test(path)).toSorted();
    if (suites.length > 0) return { ok: true, value: suites };
    return failed(name, null, expected, 'What is sealed in it holds no suite.');
  }
  try {
    const suites = readdirSync(join(folder, 'hidden'), { withFileTypes: true })
      .filter((entry) => entry.isFile() && SUITE.test(entry.name))
      .map((entry) => entry.name)
      .toSorted();
    if (suites.length > 0) return { ok: true, value: suites };
    return failed(name, null, expected, 'There is no suite in it.');
  } catch (error) {
    const failure = failureOf(error);
    // To a reader of folders, "not a folder" looks like "missing".
    const message = failure.code === 'ENOTDIR' ? 'It is not a folder.' : failureText(failure, 0);
    return failed(name, null, expected, message);
  }
}

function partsOf(file: ExerciseFile): Part[] {
  return Object.entries(file.parts).map(([name, part]) => ({ name, ...part, modules: part.modules ?? null }));
}

function withDetails(rule: ManifestRule, file: ExerciseFile, parts: Part[]): Rule {
  const details = file.rules[rule.id];
  return {
    id: rule.id,
    tier: rule.tier,
    title: rule.title,
    citation: rule.citation,
    part: details?.part ?? parts[0]?.name ?? '',
    needs: details?.needs ?? [],
    keep: details?.keep ?? false,
    evidence: details?.evidence ?? 'outside',
    graded: details?.graded ?? false,
  };
}
