import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { EXERCISE_ID } from '../catalog/exercise-file.ts';
import { quoted } from '../catalog/printable.ts';
import { findOnRoadmap, ROADMAP } from '../catalog/roadmap.ts';

/** The kinds of part that a scaffold has a program and a suite for. */
export const SCAFFOLD_KINDS = ['http', 'module', 'sql'] as const;
export type ScaffoldKind = (typeof SCAFFOLD_KINDS)[number];

/** What was asked for, as typed; null: nothing was said. */
export type Wish = { id: string; kind: string | null; title: string | null; requires: string | null };

/** What a new exercise begins with. */
export type Beginning = {
  id: string;
  kind: ScaffoldKind;
  title: string;
  phase: number;
  minutes: number;
  difficulty: number;
  requires: readonly string[];
};

/** `why`: what is wrong with the wish, as a few sentences that end with what to do. */
export type Read = { ok: true; beginning: Beginning } | { ok: false; why: string };

const LONGEST_ID = 60;

/**
 * Makes a wish whole, or says what is wrong with it. What the roadmap knows of the exercise (title, phase, minutes,
 * difficulty, what it builds on) is taken from there.
 */
export function readWish(root: string, wish: Wish): Read {
  const { id } = wish;
  const why =
    nameProblem(id) ??
    roadmapProblem(id) ??
    takenProblem(root, id) ??
    kindProblem(wish.kind) ??
    titleProblem(wish.title);
  if (why !== null) return { ok: false, why };
  const known = findOnRoadmap(id);
  const requires = wish.requires === null ? (known?.requires ?? []) : wordsOf(wish.requires);
  const wrong = requiresProblem(root, id, requires);
  if (wrong !== null) return { ok: false, why: wrong };
  return {
    ok: true,
    beginning: {
      id,
      kind: SCAFFOLD_KINDS.find((kind) => kind === wish.kind) ?? 'http',
      title: wish.title?.trim() ?? known?.title ?? titleFrom(id),
      phase: known?.phase ?? 1,
      minutes: known?.minutes ?? 60,
      difficulty: known?.difficulty ?? 1,
      requires,
    },
  };
}

function nameProblem(id: string): string | null {
  if (EXERCISE_ID.test(id) && id.length <= LONGEST_ID) return null;
  return `${quoted(id)} is no name for an exercise. Write two digits, then words in lower case: 05-validation. At most ${LONGEST_ID} characters.`;
}

/** The numbers of the roadmap are promised to its exercises: links and locks count on them. */
function roadmapProblem(id: string): string | null {
  const owner = ROADMAP.find((entry) => entry.id.slice(0, 2) === id.slice(0, 2));
  if (owner === undefined || owner.id === id) return null;
  const free = Number(ROADMAP.at(-1)?.id.slice(0, 2) ?? 0) + 1;
  return `The roadmap keeps ${id.slice(0, 2)} for ${owner.id} (${owner.title}). Build that one, or take a number from ${free} to 99.`;
}

function takenProblem(root: string, id: string): string | null {
  for (const room of ['exercises', 'solutions']) {
    const place = join(root, room);
    const names = existsSync(place) ? readdirSync(place) : [];
    if (names.includes(id)) {
      return `${room}/${id} is there already. Nothing was changed. To begin again, move it away first; to go on with it: npm run verify ${id}`;
    }
    const taken = names.find((name) => name.startsWith(`${id.slice(0, 2)}-`));
    if (taken !== undefined) {
      return `The number ${id.slice(0, 2)} is taken: ${room}/${taken}. Nothing was changed. Take another number.`;
    }
  }
  return null;
}

function kindProblem(kind: string | null): string | null {
  if (kind === null || SCAFFOLD_KINDS.some((known) => known === kind)) return null;
  return `There is no kind ${quoted(kind)} to begin with. There are: ${SCAFFOLD_KINDS.join(', ')}.`;
}

function titleProblem(title: string | null): string | null {
  if (title === null) return null;
  if (title.trim() === '') return 'The title is empty. Write a few words: --title "Never trust input"';
  // A title is one line of Markdown and of a terminal.
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(title)) {
    return 'The title holds a character that cannot be seen. Write it on one line, in plain characters.';
  }
  return title.length > 80 ? 'The title is longer than 80 characters. Write a shorter one.' : null;
}

function requiresProblem(root: string, id: string, requires: readonly string[]): string | null {
  for (const [index, each] of requires.entries()) {
    if (each === id) return `${id} cannot require itself: it would never open.`;
    if (requires.indexOf(each) !== index) return `${quoted(each)} is required twice. Name it once.`;
    const isKnown = EXERCISE_ID.test(each) && existsSync(join(root, 'exercises', each));
    if (!isKnown && findOnRoadmap(each) === null) {
      return `There is no exercise ${quoted(each)} to require. Name exercises of this workbook or of the roadmap: --requires 03-crud-api,04-jwt`;
    }
  }
  return null;
}

function wordsOf(list: string): string[] {
  return list
    .split(/[\s,]+/)
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

/** `47-long-polling` → `Long polling` */
function titleFrom(id: string): string {
  const words = id.slice(3).replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
