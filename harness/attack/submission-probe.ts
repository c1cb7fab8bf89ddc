import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Place } from './ground.ts';
import type { SubmissionAttack } from './submission.ts';

/** What a program says of the requests that the suite makes; `sent` is code that has one in `request`. */
function server(body: string): string {
  return `import { createServer as createHttpServer } from 'node:http';

export function createServer() {
  return createHttpServer((request, response) => {
    ${body}
  });
}
`;
}

/** What a small program says of what its test asks. */
const told = ({ token }: Place): string => `${token} was asked`;

function probe(
  name: string,
  does: string,
  {
    body,
    double,
    ends = 'failed',
  }: { body: (text: string) => string; double: string; ends?: 'failed' | 'error' },
): SubmissionAttack {
  return {
    name,
    tries: ['A9'],
    does,
    make: (_fork, src, place) =>
      writeFileSync(join(src, 'server.ts'), server(body(JSON.stringify(told(place))))),
    ends,
    detail: 'score',
    untold: (place) => ({ kind: 'leak', what: 'what the suite asks', text: told(place) }),
    plain: (_folder, own, place) =>
      writeFileSync(
        join(own, 'double.ts'),
        `export const double = (n: number) => {\n  ${double.replaceAll('TOLD', JSON.stringify(told(place)))}\n};\n`,
      ),
  };
}

/** Programs that tell what they are asked, to learn the suite bit by bit; the report tells the points alone. */
export const PROBES: readonly SubmissionAttack[] = [
  probe('prints-what-it-is-asked', 'prints every request of the suite', {
    body: (text) =>
      `console.log(${text}, request.method, request.url, request.headers);\n    response.end();`,
    double: 'console.log(TOLD, n);\n  return n;',
  }),
  probe('answers-what-it-is-asked', 'puts every request into its answer, which the report may quote', {
    body: (text) =>
      `response.writeHead(418, { 'X-Asked': ${text} });\n    response.end(${text} + String(request.url));`,
    double: 'return TOLD + n;',
  }),
  probe('throws-what-it-is-asked', 'dies by an error that quotes the request', {
    body: (text) => `response.destroy();\n    throw new Error(${text} + String(request.url));`,
    double: 'throw new Error(TOLD + n);',
  }),
  probe(
    'is-named-after-what-it-is-asked',
    'rejects with a stack of functions and files that quote the request',
    {
      body: (text) => `const error = new Error('x');
    error.name = ${text};
    error.stack = ${text} + '\\n    at ' + String(request.url) + ' (src/server.ts:1:1)';
    response.end(error.stack);
    void Promise.reject(error);`,
      double: `const error = new Error('x');\n  error.name = TOLD;\n  throw error;`,
    },
  ),
];
