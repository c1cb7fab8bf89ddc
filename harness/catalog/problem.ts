/** Why an exercise cannot be used. */
export type CatalogProblem = {
  /** The file or folder, relative to the workbook's root, with forward slashes. */
  file: string;
  /** The place inside the file, such as `parts.server.kind` or `line 12`; null: the file as a whole. */
  key: string | null;
  /** What should stand there. */
  expected: string;
  /** What stands there instead, as a sentence. */
  message: string;
};

/** The problem as a few lines for a person: where, what, and what to do next. Ends without a line break. */
export function describeProblem(problem: CatalogProblem): string {
  const where = problem.key === null ? problem.file : `${problem.file}, at ${problem.key}`;
  return [
    where,
    `  ${problem.message}`,
    `  Expected: ${problem.expected}.`,
    `  Next: ${nextStep(problem)}`,
  ].join('\n');
}

function nextStep({ file }: CatalogProblem): string {
  if (file === 'exercises') return BRING_BACK;
  const insideAnExercise = file.split('/').length > 2;
  if (!insideAnExercise) return 'run `npm run list` to see the exercises that are there.';
  return `correct this and run the command again. If you never changed it, \`git restore ${file}\` brings back what was there.`;
}

const BRING_BACK =
  "if this is the workbook's own folder, `git restore exercises` brings back what was there, your files as you last committed them.";
