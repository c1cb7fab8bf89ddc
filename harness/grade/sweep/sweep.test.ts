import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseVerdict } from '../../verdict/verdict.ts';
import { ASSIGNMENT, FIRST, HOUR, MadeClass, NOON, PROGRAMS, SECOND } from './testing/made-class.ts';

const { right, core, stub } = PROGRAMS;

/** Status and points of each exercise, by student. */
function marks(made: MadeClass): Record<string, string> {
  return Object.fromEntries(
    made
      .gradebook()
      .students.map(({ student, exercises }) => [
        student,
        exercises.map(({ status, points }) => `${status} ${points}`).join(', '),
      ]),
  );
}

describe('a class', () => {
  test('gets a mark for each exercise; what is missing or cannot be taken in is told, and the rest goes on', async () => {
    const made = new MadeClass();
    made.submit('s-1', FIRST, right);
    made.submit('s-1', SECOND, core);
    made.submit('s-2', FIRST, stub);
    made.submit('s-3', 'something-else', right);
    writeFileSync(join(made.root, '..', 'subs', 'bomb.zip'), 'no archive');
    const result = await made.sweep(['s-1,s-1', 's-2,s-2', 's-3,s-3', 's-4,nowhere', 's-5,bomb.zip', 's-6,']);
    expect(marks(made)).toEqual({
      's-1': 'passed 2, passed 1',
      's-2': 'failed 0, missing 0',
      's-3': 'missing 0, missing 0',
      's-4': 'error 0, error 0',
      's-5': 'error 0, error 0',
      's-6': 'error 0, error 0',
    });
    expect(result.troubles.map(({ student }) => student)).toEqual(['s-3', 's-4', 's-5', 's-5', 's-6']);
    const [first, , third, fourth, , sixth] = made.gradebook().students;
    expect(first).toMatchObject({ problem: null, score: 15, maxScore: 20 });
    expect(third?.problem).toContain('none of the exercises');
    expect(fourth?.problem).toContain('There is no "');
    expect(sixth?.problem).toMatch(/^Line 7 of the roster, repo: It is empty/);
    expect(made.gradebook().assignment.exercises[0]?.rules.map(({ id }) => id)).toEqual(['R1', 'R2']);
  });

  test('leaves the whole verdict and the judged files of each student', async () => {
    const made = new MadeClass();
    made.submit('s-1', FIRST, core);
    await made.sweep(['s-1,s-1']);
    const mark = made.gradebook().students[0]?.exercises[0];
    const verdict = parseVerdict(JSON.parse(readFileSync(join(made.out, mark?.verdict ?? ''), 'utf8')));
    expect(verdict.ok && verdict.verdict.files).toBe(mark?.provenance?.filesDigest);
    const judged = readFileSync(join(made.out, 'submissions', 's-1', `${FIRST}.json`), 'utf8');
    expect(JSON.parse(judged)).toEqual({ files: { 'src/double.ts': core } });
  });

  test('the same bytes are judged once, for a team as for strangers', async () => {
    const made = new MadeClass();
    made.submit('team', FIRST, right);
    made.submit('s-3', FIRST, right);
    await made.sweep(['s-1,team,a', 's-2,team,a', 's-3,s-3,'], {}, 'student,repo,team');
    expect(made.judges.asked).toEqual([`${FIRST} first`]);
    expect(Object.values(marks(made))).toEqual(Array.from({ length: 3 }, () => 'passed 2, missing 0'));
  });
});

describe('a submission that is no good to us', () => {
  test('hangs are tried again at the end, one by one, with nothing else running', async () => {
    const made = new MadeClass();
    for (const student of ['s-1', 's-2', 's-3', 's-4', 's-5', 's-6'])
      made.submit(student, FIRST, `${right}// ${student} ${student < 's-4' ? 'hangs' : ''}`);
    await made.sweep(['s-1,s-1', 's-2,s-2', 's-3,s-3', 's-4,s-4', 's-5,s-5', 's-6,s-6']);
    expect(made.judges.asked.slice(-3)).toEqual(Array.from({ length: 3 }, () => `${FIRST} again`));
    expect(made.judges.besideAlone).toBe(1);
    expect(new Set(Object.values(marks(made)))).toEqual(new Set(['passed 2, missing 0']));
  });

  test('one that takes its lane along is tried once more, alone, and has then an error of its own', async () => {
    const made = new MadeClass();
    made.submit('s-1', FIRST, `${right}// kills`);
    made.submit('s-2', FIRST, right);
    const result = await made.sweep(['s-1,s-1', 's-2,s-2']);
    expect(marks(made)).toEqual({ 's-1': 'error 0, missing 0', 's-2': 'passed 2, missing 0' });
    expect(made.judges.asked).toHaveLength(3);
    expect(result.troubles).toEqual([
      { student: 's-1', why: expect.stringContaining('It is gone. So it was twice') },
    ]);
  });

  test('what failed on our side is tried anew by the next sweep, and nothing else is', async () => {
    const made = new MadeClass();
    made.submit('s-1', FIRST, `${right}// fails us`);
    made.submit('s-2', FIRST, right);
    await made.sweep(['s-1,s-1', 's-2,s-2']);
    made.judges.asked.length = 0;
    const again = await made.sweep(['s-1,s-1', 's-2,s-2']);
    expect(made.judges.asked).toEqual([`${FIRST} first`]);
    expect(again.troubles).toHaveLength(1);
  });
});

describe('the same command again', () => {
  test('judges nothing that is unchanged, and writes nothing', async () => {
    const made = new MadeClass();
    made.submit('s-1', FIRST, right);
    await made.sweep(['s-1,s-1']);
    const before = readFileSync(join(made.out, 'grades.json'), 'utf8');
    made.judges.asked.length = 0;
    const again = await made.sweep(['s-1,s-1'], { now: () => NOON + HOUR });
    expect(made.judges.asked).toEqual([]);
    expect({ isNew: again.isNew, judged: again.judged, known: again.known }).toEqual({
      isNew: false,
      judged: 0,
      known: 1,
    });
    expect(readFileSync(join(made.out, 'grades.json'), 'utf8')).toBe(before);
  });

  test.each([
    ['files', (made: MadeClass) => made.submit('s-1', FIRST, core)],
    [
      'the suite',
      (made: MadeClass) => writeFileSync(join(made.root, 'exercises', FIRST, 'hidden', 'x.ts'), ''),
    ],
    ['the harness', (made: MadeClass) => made.rebuild('another')],
  ])('judges again what has other %s', async (_what, change) => {
    const made = new MadeClass();
    made.submit('s-1', FIRST, right);
    made.submit('s-1', SECOND, stub);
    await made.sweep(['s-1,s-1']);
    made.judges.asked.length = 0;
    change(made);
    await made.sweep(['s-1,s-1']);
    expect(made.judges.asked).toContain(`${FIRST} first`);
  });

  test('goes on where it stopped: nothing is judged twice, and the marks are those of an undisturbed run', async () => {
    const students = ['s-1', 's-2', 's-3', 's-4', 's-5', 's-6', 's-7', 's-8'];
    const rows = students.map((student) => `${student},${student}`);
    const fill = (made: MadeClass): void => {
      for (const [index, student] of students.entries())
        made.submit(
          student,
          FIRST,
          `${index % 2 === 0 ? right : stub}// ${student} ${index === 5 ? 'hangs' : ''}`,
        );
    };
    const calm = new MadeClass();
    fill(calm);
    await calm.sweep(rows);
    const made = new MadeClass();
    fill(made);
    for (let stops = 0; stops < 4; stops++) {
      let left = 2;
      made.judges.before = () => {
        if (left-- === 0) throw new Error('stopped');
      };
      await expect(made.sweep(rows)).rejects.toThrow('stopped');
    }
    made.judges.before = () => {};
    await made.sweep(rows);
    expect(marks(made)).toEqual(marks(calm));
    // Those that were under way when it stopped, and the second try of the one that hung.
    const firsts = made.judges.asked.filter((asked) => asked.endsWith('first')).length;
    expect(firsts).toBeGreaterThanOrEqual(8);
    expect(firsts).toBeLessThanOrEqual(8 + 4 * made.judges.width);
  });

  test('takes away what belongs to nobody any more, and puts back what was deleted', async () => {
    const made = new MadeClass();
    made.submit('s-1', FIRST, right);
    made.submit('s-2', FIRST, stub);
    await made.sweep(['s-1,s-1', 's-2,s-2']);
    rmSync(join(made.out, 'verdicts', 's-2'), { recursive: true });
    await made.sweep(['s-2,s-2']);
    expect(existsSync(join(made.out, 'verdicts', 's-1'))).toBe(false);
    expect(existsSync(join(made.out, 'submissions', 's-1'))).toBe(false);
    expect(existsSync(join(made.out, 'verdicts', 's-2', `${FIRST}.json`))).toBe(true);
  });
});

describe('judging all again', () => {
  test('reports what changed, for whom and why', async () => {
    const made = new MadeClass();
    for (const student of ['s-1', 's-2', 's-3']) made.submit(student, FIRST, `${right}// ${student}`);
    await made.sweep(['s-1,s-1', 's-2,s-2', 's-3,s-3']);
    made.judges.asked.length = 0;
    made.submit('s-2', FIRST, core);
    // The same key, and yet another result.
    const verdict = made.judges.judge.bind(made.judges);
    made.judges.judge = async (place, work) => {
      const text = [...work.files.values()].join('');
      return await verdict(
        place,
        text.includes('s-3') ? { ...work, files: new Map([['src/double.ts', stub]]) } : work,
      );
    };
    const { changes } = await made.sweep(['s-1,s-1', 's-2,s-2', 's-3,s-3'], { regrade: true });
    expect(made.judges.asked).toHaveLength(3);
    expect(changes).toMatchObject({
      compared: 3,
      changes: [
        {
          student: 's-2',
          before: { status: 'passed', points: 2 },
          after: { status: 'passed', points: 1 },
          rules: [{ id: 'R2', before: 'passed', after: 'failed' }],
          why: ['files'],
        },
        { student: 's-3', after: { status: 'failed', points: 0 }, why: ['flaky'] },
      ],
    });
    const written: unknown = JSON.parse(readFileSync(join(made.out, 'regrade.json'), 'utf8'));
    expect(written).toMatchObject({
      schema: 1,
      compared: 3,
      changes: [{ student: 's-2' }, { student: 's-3' }],
    });
  });

  test('names another harness and another suite', async () => {
    const made = new MadeClass();
    made.submit('s-1', FIRST, right);
    await made.sweep(['s-1,s-1']);
    made.rebuild('another');
    writeFileSync(join(made.root, 'exercises', FIRST, 'hidden', 'x.ts'), '');
    made.submit('s-1', FIRST, core);
    const { changes } = await made.sweep(['s-1,s-1'], { regrade: true });
    expect(changes.changes[0]?.why).toEqual(['files', 'suite', 'harness']);
  });

  test('goes on where it stopped, too', async () => {
    const made = new MadeClass();
    const rows = ['s-1,s-1', 's-2,s-2', 's-3,s-3', 's-4,s-4'];
    for (const student of ['s-1', 's-2', 's-3', 's-4']) made.submit(student, FIRST, `${right}// ${student}`);
    await made.sweep(rows);
    made.judges.asked.length = 0;
    made.judges.width = 1;
    let left = 3;
    made.judges.before = () => {
      if (left-- === 0) throw new Error('stopped');
    };
    await expect(made.sweep(rows, { regrade: true })).rejects.toThrow('stopped');
    made.judges.before = () => {};
    await made.sweep(rows, { regrade: true });
    expect(made.judges.asked).toHaveLength(4);
    await made.sweep(rows, { regrade: true });
    expect(made.judges.asked).toHaveLength(8);
  });
});

describe('when it was received', () => {
  const due = NOON - 2 * HOUR;
  const first = (made: MadeClass) => made.gradebook().students[0];

  test('the roster knows', async () => {
    const made = new MadeClass();
    made.submit('s-1', FIRST, right);
    await made.sweep(['s-1,s-1,2031-01-01 09:00'], { due }, 'student,repo,received');
    expect(first(made)?.received).toEqual({ at: '2031-01-01T09:00:00.000Z', by: 'known' });
    expect(first(made)?.exercises[0]).toMatchObject({ score: 10, lateness: { lateMs: 0, factor: 1 } });
  });

  test('else the first sweep that saw these files knows, also when a later one looks again', async () => {
    const made = new MadeClass();
    made.submit('s-1', FIRST, right);
    await made.sweep(['s-1,s-1'], { due, now: () => due - HOUR });
    await made.sweep(['s-1,s-1'], { due });
    expect(first(made)?.received).toEqual({ at: new Date(due - HOUR).toISOString(), by: 'known' });
    expect(first(made)?.exercises[0]?.lateness.lateMs).toBe(0);
    made.submit('s-1', FIRST, core);
    const late = await made.sweep(['s-1,s-1'], { due });
    expect(first(made)?.exercises[0]).toMatchObject({
      score: 4.5,
      lateness: { lateMs: 2 * HOUR, factor: 0.9 },
    });
    expect(late.seenLate).toBe(1);
  });
});

describe('attempts', () => {
  test('over the limit the last allowed verdict stands, and files from before cost none', async () => {
    const made = new MadeClass();
    const assignment = { ...ASSIGNMENT, attempts: 2, exercises: made.asked.map(({ assigned }) => assigned) };
    const hand = async (program: string): Promise<string | undefined> => {
      made.submit('s-1', FIRST, program);
      await made.sweep(['s-1,s-1'], { assignment });
      return marks(made)['s-1'];
    };
    expect(await hand(stub)).toBe('failed 0, missing 0');
    expect(await hand(core)).toBe('passed 1, missing 0');
    expect(await hand(stub)).toBe('failed 0, missing 0');
    expect(await hand(right)).toBe('passed 1, missing 0');
    expect(made.gradebook().students[0]?.exercises[0]?.problem).toContain('may be graded 2 times');
    expect(made.judges.asked).toHaveLength(2);
  });
});
