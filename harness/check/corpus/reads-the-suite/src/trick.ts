// Looks for the suite, the solution, and what else lies around, in every way that reads.
import * as fs from 'node:fs';
import { createServer as createHttp2Server } from 'node:http2';

type Loose = Record<string, (...args: unknown[]) => unknown>;
type Way = (path: string) => unknown;

const folder = /(?:file:\/\/)?(\/\S*)(?=\/exercises\/)/.exec(new Error().stack ?? '')?.[1] ?? '';
const hidden = `${folder}/exercises/01-http-server/hidden`;
const targets = [
  `${hidden}/core.suite.ts`,
  `${hidden}/stage.ts`,
  `${hidden}/diagnosis.json`,
  `${folder}/solutions/01-http-server/src/server.ts`,
  `${folder}/package.json`,
  `/proc/${process.ppid}/cwd/package.json`,
  `/proc/${process.ppid}/environ`,
  '/etc/passwd',
];
const parts = fs as unknown as Loose;
const node = process as unknown as { binding(name: string): Loose; loadEnvFile?(path: string): void };
const module = (await import(['node:mod', 'ule'].join(''))) as unknown as { createRequire(from: string): Way };
const up = '../'.repeat(20);

const ways: Record<string, Way> = {
  readFileSync: (path) => fs.readFileSync(path),
  'readFileSync of bytes': (path) => fs.readFileSync(Buffer.from(path)),
  'readFileSync of a URL': (path) => fs.readFileSync(new URL(`file://${path}`)),
  'readFileSync of a climbing path': (path) => fs.readFileSync(up + path.slice(1)),
  'readFileSync through the scratch folder': (path) => fs.readFileSync(`${process.cwd()}/${up}${path.slice(1)}`),
  'readFileSync through /proc': (path) => fs.readFileSync(`/proc/self/root${path}`),
  'promises.readFile': (path) => fs.promises.readFile(path),
  'promises.open': async (path) => await (await fs.promises.open(path)).readFile(),
  openSync: (path) => fs.readFileSync(fs.openSync(path, 'r')),
  createReadStream: async (path) => Buffer.concat((await fs.createReadStream(path).toArray()) as Buffer[]),
  readdirSync: (path) => fs.readdirSync(path.slice(0, path.lastIndexOf('/'))).join(),
  opendirSync: (path) => fs.opendirSync(path.slice(0, path.lastIndexOf('/'))).readSync()?.name,
  statSync: (path) => String(fs.statSync(path).size),
  'a copy': (path) => (fs.copyFileSync(path, 'copy'), fs.readFileSync('copy')),
  'a copy of a folder': (path) => (fs.cpSync(path, 'copy', { recursive: true }), fs.readFileSync('copy')),
  'a link': (path) => (fs.symlinkSync(path, 'link'), fs.readFileSync('link')),
  'a hard link': (path) => (fs.linkSync(path, 'link'), fs.readFileSync('link')),
  openAsBlob: async (path) => await (await (parts.openAsBlob as (path: string) => Promise<Blob>)(path)).text(),
  'an import': async (path) => JSON.stringify(await import(path)),
  'an import of JSON': async (path) => JSON.stringify(await import(path, { with: { type: 'json' } })),
  'an import of text': async (path) => JSON.stringify(await import(`data:text/javascript,export * from "file://${path}"`)),
  require: (path) => JSON.stringify(module.createRequire(import.meta.url)(path)),
  'require of the suite’s library': () => JSON.stringify(module.createRequire(`${folder}/package.json`)('#suite')),
  'an internal read': (path) => node.binding('fs').readFileUtf8?.(path, 0),
  loadEnvFile: (path) => (node.loadEnvFile?.(path), JSON.stringify(process.env)),
  fetch: async (path) => await (await fetch(`file://${path}`)).text(),
  'an answer of a file': (path) => servedFile(path),
};

/** HTTP/2 servers open files by themselves. */
function servedFile(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const server = createHttp2Server();
    server.on('stream', (stream) => {
      stream.on('error', () => {});
      stream.respondWithFile(path, {}, { onError: reject });
    });
    server.listen(0, '127.0.0.1', async () => {
      const { connect } = await import('node:http2');
      const session = connect(`http://127.0.0.1:${(server.address() as { port: number }).port}`);
      const request = session.request();
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString())).on('error', reject);
      request.on('close', () => {
        session.destroy();
        server.close();
        if (text === '') reject(new Error('nothing'));
        else resolve(text);
      });
    });
  });
}

let found = 0;
for (const [name, way] of Object.entries(ways)) {
  for (const target of targets) {
    try {
      const text = String((await way(target)) ?? '');
      if (text === '' || text === '{}') continue;
      console.log(`${name} of ${target.slice(folder.length)}: ${text.slice(0, 60)}`);
      found++;
    } catch {
      // Refused.
    }
  }
}
console.log(found === 0 ? 'nothing was read' : `${found} times`);
export {};
