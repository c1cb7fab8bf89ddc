/** Something a learner does, as it is told in the README. */
export type Scene = {
  /** A sentence before it. */
  told: string;
  /** What is changed before the command, in the learner's files of 01. */
  edit?: { find: string; replace: string } | 'solution';
  /** The command as a learner types it. */
  typed: string;
  /** Words that are added out of sight, so that the same text comes out every time. */
  fixed?: readonly string[];
};

/** The exercise that is played. */
export const PLAYED = '01-http-server';

const BEGIN = `  return createHttpServer((request, response) => {
`;
const WITHOUT_TYPE = `    if (request.url === '/health') {
      response.end('{"status":"ok"}');
      return;
    }
`;
const WITH_TYPE = WITHOUT_TYPE.replace(
  '      response.end',
  `      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.end`,
);

const SEED = ['--seed', '1'] as const;

/** The first hour with 01, in short. */
export const SCENES: readonly Scene[] = [
  { told: 'The first check of an untouched exercise tells the task.', typed: 'npm run check' },
  {
    told: 'A first try at R1 has the right JSON, and does not say that it is JSON.',
    edit: { find: BEGIN, replace: BEGIN + WITHOUT_TYPE },
    typed: 'npm run check 01-http-server R1',
    fixed: SEED,
  },
  { told: 'A hint, when one is wanted.', typed: 'npm run hint 01-http-server R1' },
  {
    told: 'One line more in `src/server.ts`.',
    edit: { find: WITHOUT_TYPE, replace: WITH_TYPE },
    typed: 'npm run check 01-http-server R1',
    fixed: SEED,
  },
  {
    told: 'An evening later everything works.',
    edit: 'solution',
    typed: 'npm run check',
    fixed: SEED,
  },
  { told: 'The next exercise is open.', typed: 'npm run list' },
];
