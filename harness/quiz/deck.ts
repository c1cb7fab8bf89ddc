import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { question } from './question.ts';
import type { Question } from './question.ts';

/** Questions that belong together. Its id is `orientation`, `interview`, … or the id of an exercise. */
export type Deck = { id: string; title: string; about: string; sections: Section[] };

/** `intro`: what the section is about; may be empty. */
export type Section = { id: string; title: string; intro: string; questions: Question[] };

export type LoadedDeck = { ok: true; deck: Deck } | { ok: false; file: string; message: string };

const head = z.strictObject({ title: z.string().min(3), about: z.string() });
const section = z.strictObject({
  title: z.string().min(3),
  intro: z.string(),
  questions: z.array(question).min(1),
});
const exerciseQuiz = z.object({ questions: z.array(question) });

/** The decks that belong to no exercise, in the order in which they are offered. */
export const DECKS = ['orientation', 'interview', 'design', 'star'] as const;

/** The folder of a deck: `deck.json` and a file for each section, in the order of their names. */
function deckFolder(id: string): string {
  return `harness/quiz/decks/${id}`;
}

/** Reads one of `DECKS`. `root`: the workbook's folder. */
export function loadDeck(root: string, id: (typeof DECKS)[number]): LoadedDeck {
  const folder = deckFolder(id);
  const about = readJson(root, `${folder}/deck.json`, head);
  if (!about.ok) return about;
  const sections: Section[] = [];
  const names = existsSync(join(root, folder))
    ? readdirSync(join(root, folder)).filter((name) => /^\d\d-[a-z-]+\.json$/.test(name))
    : [];
  for (const name of names.toSorted()) {
    const read = readJson(root, `${folder}/${name}`, section);
    if (!read.ok) return read;
    sections.push({ id: name.slice(3, -5), ...read.value });
  }
  return unique({ id, ...about.value, sections }, folder);
}

/** Reads the quiz.json of an exercise as a deck of one section. */
export function loadExerciseDeck(root: string, exercise: { id: string; title: string }): LoadedDeck {
  const file = `exercises/${exercise.id}/quiz.json`;
  const read = readJson(root, file, exerciseQuiz);
  if (!read.ok) return read;
  const { questions } = read.value;
  const about = `What stands behind ${exercise.id}: what breaks if, and which is wrong and why.`;
  const sections = questions.length === 0 ? [] : [{ id: 'all', title: exercise.title, intro: '', questions }];
  return unique({ id: exercise.id, title: exercise.title, about, sections }, file);
}

/** All questions of a deck, in order; of one section where it is named. */
export function questionsOf(deck: Deck, sectionId: string | null = null): Question[] {
  return deck.sections
    .filter(({ id }) => sectionId === null || id === sectionId)
    .flatMap(({ questions }) => questions);
}

/** What was learned is kept under the id of the question: two of the same name would share it. */
function unique(deck: Deck, file: string): LoadedDeck {
  const seen = new Set<string>();
  for (const { id } of questionsOf(deck)) {
    if (seen.has(id)) return { ok: false, file, message: `Two questions are called ${id}.` };
    seen.add(id);
  }
  return { ok: true, deck };
}

function readJson<T>(
  root: string,
  file: string,
  shape: z.ZodType<T>,
): { ok: true; value: T } | { ok: false; file: string; message: string } {
  let raw: unknown;
  try {
    raw = JSON.parse(readFileSync(join(root, file), 'utf8'));
  } catch (error) {
    return { ok: false, file, message: error instanceof Error ? error.message : String(error) };
  }
  const parsed = shape.safeParse(raw);
  return parsed.success
    ? { ok: true, value: parsed.data }
    : { ok: false, file, message: z.prettifyError(parsed.error) };
}
