import { harmlessJson, renderJson } from '../verdict/json.ts';
import { renderGradescope } from './gradescope.ts';
import { renderJUnit } from './junit.ts';
import { renderSummary } from './summary.ts';
import type { Graded } from './grade.ts';
import { verdictFile } from './grades.ts';
import type { Reports } from './out-folder.ts';

/** Every file of a grade, as text. All of them say no more than the grade's detail allows. */
export function reportsOf(graded: Graded): Reports {
  const { grades, judged } = graded;
  return new Map([
    ...judged.map(({ exercise, verdict }) => [verdictFile(exercise.id), renderJson(verdict)] as const),
    ['junit.xml', renderJUnit(graded)] as const,
    ['results.json', renderGradescope(graded)] as const,
    ['summary.md', renderSummary(graded)] as const,
    ['grades.json', harmlessJson(grades)] as const,
  ]);
}
