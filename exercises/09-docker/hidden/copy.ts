// canary 4b874cd0ba9362bc796f65ee
import type { DockerInstruction } from '#suite';
import type { Content } from './image.ts';
import { resolvePath, under } from './paths.ts';
import { matchesWildcard } from './shell.ts';

/** The build context: what is given, and what the contract says of it. */
const CONTEXT: ReadonlyMap<string, Content> = new Map([
  ['package.json', 'manifest'],
  ['package-lock.json', 'lock'],
  ['tsconfig.json', 'compiler options'],
  ['app/config.ts', 'source'],
  ['app/server.ts', 'source'],
  ['app/worker.ts', 'source'],
]);

type Target = { files: Map<string, Content>; workdir: string };
type Copied = Pick<DockerInstruction, 'words' | 'flags'>;

/** COPY or ADD without `--from`. */
export function copyFromContext(image: Target, { words, flags }: Copied): void {
  const sources = words.slice(0, -1).map((word) => clean(word));
  const target = words.at(-1) ?? '';
  const isFolder =
    target.endsWith('/') || sources.length > 1 || ['.', '..'].includes(target.split('/').pop() ?? '');
  const to = resolvePath(image.workdir, target);
  const whole = flags.some(({ name, value }) => name === 'parents' && value !== 'false');
  const excluded = flags.filter(({ name }) => name === 'exclude').map(({ value }) => clean(value ?? ''));
  for (const source of sources) {
    for (const [path, content] of CONTEXT) {
      const below = belowPattern(path, source);
      if (below === null || excluded.some((pattern) => belowPattern(path, pattern) !== null)) continue;
      const name = path.split('/').pop() ?? '';
      // A folder hands on what is in it; a file goes into a folder, or becomes the target.
      const place = whole ? path : below !== '' ? below : isFolder || /[*?]/.test(source) ? name : '';
      image.files.set(place === '' ? to : under(to, place), content);
    }
  }
}

/** COPY with `--from` of a stage. */
export function copyFromStage(image: Target, { words }: Copied, files: ReadonlyMap<string, Content>): void {
  const sources = words.slice(0, -1).map((word) => resolvePath('/', word));
  const target = words.at(-1) ?? '';
  const to = resolvePath(image.workdir, target);
  const isFolder =
    target.endsWith('/') || sources.length > 1 || ['.', '..'].includes(target.split('/').pop() ?? '');
  for (const source of sources) {
    for (const [path, content] of files) {
      const below = belowPattern(path.slice(1), source.slice(1));
      if (below === null) continue;
      const isModules = content === 'all' || content === 'production';
      const name = path.split('/').pop() ?? '';
      // A folder node_modules stands for all that is in it.
      const place = below !== '' ? below : isModules ? '' : isFolder || /[*?]/.test(source) ? name : '';
      image.files.set(place === '' ? to : under(to, place), content);
    }
  }
}

/** What of a path lies below a pattern: '' when the pattern is the path itself, null when it is elsewhere. */
function belowPattern(path: string, pattern: string): string | null {
  if (pattern === '') return path;
  const steps = path.split('/');
  const wanted = pattern.split('/');
  if (wanted.length > steps.length) return null;
  if (!wanted.every((each, index) => matchesWildcard(steps[index] ?? '', each))) return null;
  return steps.slice(wanted.length).join('/');
}

function clean(path: string): string {
  return resolvePath('/', path).slice(1);
}
