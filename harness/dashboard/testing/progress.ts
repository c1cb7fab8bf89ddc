import { join } from 'node:path';
import { openProgress } from '../../progress/progress.ts';
import type { ExerciseState } from '../../progress/progress.ts';

/** What a workbook's progress says of an exercise, as another process sees it. */
export function readProgress(root: string, id: string): ExerciseState {
  const opened = openProgress(join(root, '.workbook', 'progress.sqlite'));
  if (!opened.ok) throw new Error(opened.message);
  try {
    return opened.progress.state(id);
  } finally {
    opened.progress.close();
  }
}
