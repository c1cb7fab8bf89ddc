import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** For tests: a new folder below the system's one for temporary files; it is gone when the test has finished. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(realpathSync.native(tmpdir()), 'workbook-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** For tests: writes `files` (relative path → content) below `folder`. */
export function writeFiles(folder: string, files: Record<string, string | Buffer>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

export const EXERCISE_FILE = {
  title: 'Tokens by hand, then middleware',
  phase: 2,
  minutes: 150,
  difficulty: 3,
  requires: ['03-crud-api'],
  editable: ['src/**/*.ts'],
  parts: {
    tokens: { kind: 'module', entry: 'src/tokens.ts', exports: ['sign'], modules: ['node:crypto'] },
    api: { kind: 'http', entry: 'src/app.ts', exports: ['createApp'], packages: ['express'] },
  },
  rules: {
    R2: { needs: ['R1'] },
    R3: { part: 'api', needs: ['R1', 'R2'], evidence: 'inside', keep: true },
  },
};

export const README = `# Tokens

## Rules

### Core

- **R1** \`sign\` gives three segments *(RFC 7519 §3.1)*
- **R2** A changed token is refused *(RFC 7515 §5.2)*

### Extra

- **R3** \`GET /me\` needs a token *(RFC 6750 §3.1)*
`;

/** For tests: a workbook with the valid exercise 04-jwt. `changes` replace keys of its exercise.json; undefined leaves them out. */
export function temporaryWorkbook(changes: Record<string, unknown> = {}): { root: string; folder: string } {
  const root = temporaryFolder();
  const folder = join(root, 'exercises', '04-jwt');
  writeFiles(folder, {
    'exercise.json': JSON.stringify({ ...EXERCISE_FILE, ...changes }),
    'README.md': README,
    'hidden/tokens.suite.ts': '',
    'hidden/api.suite.ts': '',
    'hidden/fixture.ts': '',
    'src/tokens.ts': 'export function sign() {}\n',
  });
  return { root, folder };
}
