import { ARCHIVES } from './submission-archive.ts';
import { FOLDERS } from './submission-folder.ts';
import { REPOSITORIES } from './submission-git.ts';
import { PROBES } from './submission-probe.ts';
import type { SubmissionAttack } from './submission.ts';

/** All hostile submissions. */
export const SUBMISSIONS: readonly SubmissionAttack[] = [...FOLDERS, ...ARCHIVES, ...REPOSITORIES, ...PROBES];
