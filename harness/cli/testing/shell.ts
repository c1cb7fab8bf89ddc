import { execFile, spawnSync } from 'node:child_process';
import { request } from 'node:http';

/** What came back for a line that was typed into a shell. `status` null: no HTTP answer. */
export type Reply = { status: number | null; headers: string; body: string };

const has = (name: string): boolean => spawnSync(name, ['--version']).error === undefined;

/** Runs a curl line as a learner's shell does: by curl, or, where there is none, by its words as the shell reads them. */
export async function typed(line: string): Promise<Reply> {
  return has('curl') ? await byCurl(line) : await byWords(await wordsOf(line));
}

/** The words of a command line, as the shell hands them to the command. */
export async function wordsOf(line: string): Promise<string[]> {
  const text = await shell(`curl() { printf '%s\\0' "$@"; }; ${line}`);
  return text.split('\0').slice(0, -1);
}

async function byCurl(line: string): Promise<Reply> {
  const text = await shell(`${line} --silent --max-time 10`);
  const end = text.indexOf('\r\n\r\n');
  const status = /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1];
  if (status === undefined) return { status: null, headers: '', body: '' };
  return { status: Number(status), headers: text.slice(0, end), body: text.slice(end + 4) };
}

function shell(command: string): Promise<string> {
  return new Promise((resolve) => {
    // A failing request is an answer here, too: curl's exit status says no more than its silence.
    execFile('sh', ['-c', command], { encoding: 'utf8' }, (_error, out) => resolve(out));
  });
}

function byWords(words: readonly string[]): Promise<Reply> {
  const headers: Record<string, string> = {};
  let [method, url, body] = ['GET', '', null as string | null];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (word === '-i' || word === '-g' || word === '--path-as-is' || word === '--compressed') continue;
    if (word === '-I') method = 'HEAD';
    else if (word === '-X') method = words[++at] ?? '';
    else if (word === '-H') {
      const [, name = '', value = ''] = /^([^:;]+)[:;] ?(.*)$/.exec(words[++at] ?? '') ?? [];
      if (value !== '') headers[name] = value;
    } else if (word === '--data-raw') {
      body = words[++at] ?? '';
      if (method === 'GET') method = 'POST';
    } else if (word.startsWith('http://')) url = word;
    else throw new Error(`no such word is known: ${word}`);
  }
  const { port, hostname } = new URL(url);
  const path = url.slice(url.indexOf('/', 'http://'.length));
  return new Promise((resolve) => {
    const sent = request({ hostname, port, path, method, headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => void (text += chunk));
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? null, headers: answer.rawHeaders.join('\n'), body: text }),
      );
    });
    sent.on('error', () => resolve({ status: null, headers: '', body: '' }));
    sent.end(body ?? undefined);
  });
}
