import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/**
 * Who judged. `local`: somebody at a machine of their own. `ci`: a run of GitHub Actions, named in `run`.
 * `self-reported`: the judged files lie in the very working copy that judged them, so whoever wrote them could also have
 * changed the suites.
 */
export const judgeKind = z.enum(['local', 'ci', 'self-reported']);

export const ciRun = z.object({
  repository: z.string(),
  runId: z.string(),
  attempt: z.string(),
  /** The commit of the repository that ran the workflow: of the judge, not of the submission. */
  commit: z.string(),
});
export type CiRun = z.infer<typeof ciRun>;

export const provenance = z.object({
  judge: judgeKind,
  run: ciRun.nullable(),
  /** When it was judged, by the judge's clock: ISO 8601, UTC. */
  at: z.string(),
  /** The workbook's version, and SHA-256 over the program that judged, hex. */
  harness: z.string(),
  harnessDigest: z.string(),
  /** SHA-256 over the spec and the suite of the exercise, hex. */
  suiteDigest: z.string(),
  /** The commit that was judged; null: the submission was a folder or an archive. */
  commit: z.string().nullable(),
  /** SHA-256 over the names and contents of the judged files, hex. */
  filesDigest: z.string(),
});
export type Provenance = z.infer<typeof provenance>;

type Environment = Readonly<Record<string, string | undefined>>;

/** Who judges. `own`: the submission is this working copy, which counts above all else. */
export function judgeOf(env: Environment, own: boolean): Pick<Provenance, 'judge' | 'run'> {
  const run = githubRun(env);
  if (own) return { judge: 'self-reported', run };
  return { judge: run === null ? 'local' : 'ci', run };
}

/** The run of GitHub Actions that this process belongs to. Values of another form than GitHub's are not believed. */
function githubRun(env: Environment): CiRun | null {
  if (env.GITHUB_ACTIONS !== 'true') return null;
  const { GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: runId, GITHUB_SHA: commit } = env;
  const attempt = env.GITHUB_RUN_ATTEMPT ?? '1';
  if (repository === undefined || runId === undefined || commit === undefined) return null;
  const isPlain =
    /^[\w.-]+\/[\w.-]+$/.test(repository) &&
    /^\d+$/.test(runId) &&
    /^\d+$/.test(attempt) &&
    /^[0-9a-f]{40,64}$/.test(commit);
  return isPlain ? { repository, runId, attempt, commit } : null;
}

/** SHA-256, hex, over the built program that judges. */
export function digestOfBuild(build: string): string {
  const hash = createHash('sha256');
  for (const folder of ['.', 'scripts']) {
    for (const name of readdirSync(join(build, folder)).toSorted()) {
      if (!/\.m?js$/.test(name)) continue;
      const bytes = readFileSync(join(build, folder, name));
      hash.update(`${folder}/${name}:${bytes.length}:`).update(bytes);
    }
  }
  return hash.digest('hex');
}
