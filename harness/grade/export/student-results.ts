import type { Verdict } from '../../verdict/verdict.ts';
import type { Gradebook, StudentExercise, StudentGrade } from '../gradebook/gradebook.ts';

type ClassExercise = Gradebook['assignment']['exercises'][number];

/** An exercise of a student as exports see it. `verdict`: no more than may be shown; null: nothing was judged. */
export type ExerciseResult = { exercise: ClassExercise; mark: StudentExercise; verdict: Verdict | null };

export type StudentResults = { student: StudentGrade; gradebook: Gradebook; results: ExerciseResult[] };

/** Relative path with forward slashes → text. */
export type ExportFiles = Map<string, string>;

/** Pairs what an assignment asks with what a student got. `verdictOf`: cut to what the assignment allows. */
export function resultsOf(
  gradebook: Gradebook,
  student: StudentGrade,
  verdictOf: (mark: StudentExercise) => Verdict | null,
): StudentResults {
  const results = gradebook.assignment.exercises.flatMap((exercise): ExerciseResult[] => {
    const mark = student.exercises.find(({ id }) => id === exercise.id);
    return mark === undefined ? [] : [{ exercise, mark, verdict: verdictOf(mark) }];
  });
  return { student, gradebook, results };
}
