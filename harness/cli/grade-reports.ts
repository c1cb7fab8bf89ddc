import { writeReports } from '../grade/gradebook/write.ts';
import { neutralise } from '../verdict/neutralise.ts';
import type { Context } from './context.ts';
import { allExercises, loadedExercises } from './exercises.ts';

/** What is made from grades.json for people: report.html, grades.csv, students/. Its troubles are told and stop nothing. */
export async function writeForPeople(
  out: string,
  { root, build, terminal }: Context,
  onStep: (what: string) => void = () => {},
): Promise<void> {
  const listed = allExercises({ root });
  const written = await writeReports(out, listed.ok ? loadedExercises(listed.value) : [], {
    root,
    build,
    onStep,
  });
  const problems = written.ok ? written.problems : [written.message];
  for (const problem of problems) terminal.err(`${neutralise(problem, { maxLines: 4 })}\n`);
}
