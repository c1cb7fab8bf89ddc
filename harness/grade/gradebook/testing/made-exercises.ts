import type { Exercise } from '../../../catalog/exercise.ts';
import { exerciseOf, ruleOf } from '../../testing/exercise.ts';

/** For tests: two exercises with core and extra rules that need each other, one of them given from the start. */
export function twoExercises(): Exercise[] {
  return ['01-first', '02-second'].map((id) =>
    exerciseOf(id, {
      title: `The ${id.slice(3)} <one>`,
      rules: [
        ruleOf('R1'),
        ruleOf('R2', { needs: ['R1'] }),
        ruleOf('R3'),
        ruleOf('R6', { keep: true }),
        ruleOf('R4', { tier: 'extra', needs: ['R3'] }),
        ruleOf('R5', { tier: 'extra' }),
      ],
    }),
  );
}
