import type { ListedExercise } from '../catalog/catalog.ts';
import { plainText } from '../catalog/plain-text.ts';
import { resolveId } from '../catalog/catalog.ts';
import { questionsOf } from '../quiz/deck.ts';
import type { Deck } from '../quiz/deck.ts';
import { grade } from '../quiz/grade.ts';
import { Library } from '../quiz/library.ts';
import { chooseQuestion } from '../quiz/schedule.ts';
import { inWords } from '../quiz/when.ts';
import { harmlessJson } from '../verdict/json.ts';
import { createPage } from '../verdict/page.ts';
import { shown } from './command.ts';
import type { Command, Input } from './command.ts';
import type { Context, ExitCode } from './context.ts';
import { allExercises, loadedExercises, withProgress } from './exercises.ts';
import type { ProgressAccess } from './exercises.ts';
import { askedText, gradedText, promptsFor, readTyped } from './quiz-text.ts';

export const quizCommand: Command = {
  name: 'quiz',
  summary:
    'Questions on an exercise, for an interview, on a design. What you know comes back later each time.',
  positionals: [
    {
      name: '[ID]',
      help: 'A deck: an exercise, orientation, interview, design or star. Without it: what there is.',
    },
    { name: '[SECTION]', help: 'A part of it, for example security of interview.' },
  ],
  options: { json: { help: 'Without an ID: the decks and what is due, as JSON.' } },
  examples: [
    ['npm run quiz', 'which decks there are, and what is due'],
    ['npm run quiz 01-http-server', 'the questions of an exercise'],
    ['npm run quiz interview security', 'a part of a deck'],
  ],
  notes: [
    'An empty line, q or Ctrl-C ends it; each answer is kept at once. npm start has the same quiz in the browser.',
  ],
  run: runQuiz,
};

/** All decks of this workbook with what is remembered of them. */
export function libraryOf(
  context: Context,
  listed: readonly ListedExercise[],
  access: ProgressAccess,
): Library {
  return new Library({
    root: context.root,
    exercises: loadedExercises(listed),
    progress: access.ok ? access.progress : null,
    now: context.now,
  });
}

async function runQuiz(input: Input, context: Context): Promise<ExitCode> {
  const listed = allExercises(context);
  if (!listed.ok) return say(context, listed.message);
  return await withProgress(context, async (access) => {
    if (!access.ok) context.terminal.err(`${access.message}\n`);
    const library = libraryOf(context, listed.value, access);
    const [typed, typedSection] = input.positionals;
    if (typed === undefined) return list(library, input, context);
    if (input.flag('json')) return say(context, '--json goes without an ID: questions are asked one by one.');
    const id = deckId(library, typed);
    const loaded = id === null ? null : library.deck(id);
    if (loaded === null)
      return say(context, `There is no quiz called ${shown(typed)}. npm run quiz shows them.`);
    if (!loaded.ok) return say(context, `${loaded.file}: ${loaded.message}`);
    const { deck } = loaded;
    const section = deck.sections.find((each) => each.id === typedSection?.toLowerCase());
    if (typedSection !== undefined && section === undefined) {
      const names = deck.sections.map((each) => each.id).join(', ');
      return say(context, `${deck.id} has no part ${shown(typedSection)}. There is ${names}.`);
    }
    if (context.terminal.ask === undefined) return say(context, NO_TERMINAL);
    return await ask(deck, section?.id ?? null, library, context);
  });
}

/** The id that was typed, also as a number or with its folder, as other commands take it. */
function deckId(library: Library, typed: string): string | null {
  const ids = library.ids();
  const name = typed.trim().toLowerCase();
  if (ids.includes(name)) return name;
  const resolved = resolveId(
    ids.filter((id) => /^\d/.test(id)),
    typed,
  );
  return resolved.kind === 'exact' ? resolved.id : null;
}

function list(library: Library, input: Input, context: Context): ExitCode {
  const { terminal } = context;
  const decks = library.offered();
  if (input.flag('json')) {
    terminal.out(harmlessJson({ schema: 1, decks }));
    return 0;
  }
  const page = createPage(terminal);
  const width = Math.max(...decks.map(({ id }) => id.length));
  const rows = decks.map(({ id, title, due, fresh, later, problem, exercise }) => {
    const counts = problem ?? `${due} due, ${fresh} new, ${later} learned`;
    return `  ${page.paint.bold(id.padEnd(width))}  ${page.line(exercise ? counts : `${title}: ${counts}`)}`;
  });
  terminal.out(`${rows.join('\n')}\n\nnpm run quiz ID asks; npm start has the same in the browser.\n`);
  return 0;
}

/** Asks until nothing is due or the person has enough. */
async function ask(
  deck: Deck,
  section: string | null,
  library: Library,
  context: Context,
): Promise<ExitCode> {
  const { terminal } = context;
  const page = createPage(terminal);
  const questions = questionsOf(deck, section);
  const count = { asked: 0, right: 0 };
  for (;;) {
    const cards = library.cards(deck);
    const choice = chooseQuestion(questions, cards, library.now());
    if (choice.kind === 'nothing') {
      const next =
        choice.nextAt === null ? '' : ` The next question comes ${inWords(choice.nextAt, library.now())}.`;
      terminal.out(`Nothing is due.${next}\n`);
      break;
    }
    const { question } = choice;
    const round = cards.get(question.id)?.reps ?? 0;
    terminal.out(askedText(question, round, page));
    const typed: string[] = [];
    for (const prompt of promptsFor(question)) {
      const line = await terminal.ask?.(`${plainText(prompt)} `);
      if (line === undefined || line === null || /^\s*(q|quit)?\s*$/i.test(line)) return end(count, context);
      typed.push(line);
    }
    const answer = readTyped(question, round, typed);
    if (answer === null) {
      terminal.err('That is no answer to this question. Once more:\n\n');
      continue;
    }
    const graded = grade(question, answer);
    const kept = library.keep(deck, question.id, graded.correct);
    const again = kept.ok ? `It comes again ${inWords(kept.nextAt, library.now())}.` : kept.message;
    terminal.out(gradedText(question, graded, { round, again }, page));
    count.asked++;
    if (graded.correct) count.right++;
  }
  return end(count, context);
}

function end({ asked, right }: { asked: number; right: number }, { terminal }: Context): ExitCode {
  if (asked > 0) terminal.out(`${right} of ${asked} right.\n`);
  return 0;
}

function say(context: Context, message: string): ExitCode {
  context.terminal.err(`${message}\n`);
  return 2;
}

const NO_TERMINAL =
  'The quiz asks questions, and nobody is there to answer: start it in a terminal, or use npm start.';
