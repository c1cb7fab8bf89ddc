import { quoted } from './printable.ts';
import { failureText, sizeText } from './regular-file.ts';
import type { FileFailure } from './regular-file.ts';

export type EditableLimits = {
  /** Files that the globs name. */
  files: number;
  /** Bytes of one file. */
  fileBytes: number;
  /** Bytes of all files together. */
  totalBytes: number;
  /** Segments of a path: `src/a/b.ts` has three. */
  depth: number;
  /** Names looked at on the way, whether the globs name them or not. */
  names: number;
  /** Names that one file may have (hard links). A file that is also somebody else's is passed over. */
  links: number;
};

/** Why the learner's files cannot be taken. */
export type EditableProblem = {
  kind:
    | 'missing'
    | 'not-a-folder'
    | 'unreadable'
    | 'not-utf8'
    | 'file-too-large'
    | 'too-large'
    | 'too-many-files'
    | 'too-many-names'
    | 'too-deep';
  /** Relative to the folder; null: the folder as a whole. */
  path: string | null;
  /** What happened, where, and what to do next. Printable. */
  message: string;
};

export type EditableFailure = { ok: false; problem: EditableProblem };

/** `path` null: the folder itself. `limits`: those that held. */
export function editableFailure(
  kind: Exclude<EditableProblem['kind'], 'unreadable'>,
  path: string | null,
  limits: EditableLimits,
): EditableFailure {
  const file = path === null ? "The exercise's folder" : quoted(path);
  const messages: Record<typeof kind, string> = {
    missing: `${file} does not exist. \`npm run list\` shows the exercises that are there.`,
    'not-a-folder': `${file} is no folder, or a link to one. Put the folder itself there.`,
    'not-utf8': `${file} holds bytes that are no UTF-8 text. Save it as UTF-8, or move it out of the exercise's folder.`,
    'file-too-large': `${file} is larger than ${sizeText(limits.fileBytes)}, the most for one file. Make it smaller, or move it out of the exercise's folder.`,
    'too-large': `Your files hold more than ${sizeText(limits.totalBytes)} together. Move those that the program does not need out of the exercise's folder.`,
    'too-many-files': `There are more than ${limits.files} files of yours. Move those that the program does not need out of the exercise's folder.`,
    'too-many-names': `There are more than ${limits.names} files and folders beside yours. Move those that the program does not need out of the exercise's folder.`,
    'too-deep': `${file} lies more than ${limits.depth} levels deep. Move it up, or out of the exercise's folder.`,
  };
  return { ok: false, problem: { kind, path, message: messages[kind] } };
}

/** The system refused to read `path`; null: the folder itself. */
export function unreadableFailure(path: string | null, failure: FileFailure): EditableFailure {
  const file = path === null ? "the exercise's folder" : quoted(path);
  const message = `Reading ${file} failed. ${failureText(failure, 0)} Check who may read it, then run the command again.`;
  return { ok: false, problem: { kind: 'unreadable', path, message } };
}
