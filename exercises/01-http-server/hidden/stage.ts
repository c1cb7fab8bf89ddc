// canary 2fa770bb141375ff3f6c4f80
import { clock, folder } from '#suite';
import type { App, Trial } from '#suite';

/** Lies beside the served folder. No answer may ever contain it. */
export const SECRET = 'not for clients: lies outside the folder';

/** What a rule starts from: a server on a folder of two files, with a secret next door. */
export async function openServer(t: Trial, files: Record<string, string | Buffer> = {}): Promise<App> {
  const tree: Record<string, string | Buffer> = {
    'public/hello.txt': 'Hello, file!',
    'secret.txt': SECRET,
    'public-drafts/draft.txt': SECRET,
  };
  for (const [name, content] of Object.entries(files)) tree[`public/${name}`] = content;
  return await t.serve('createServer', [{ filesDir: folder(tree, 'public'), clock: clock() }]);
}

/** One raw request without a body, on a connection that the server may close afterwards. */
export function requestText(method: string, target: string): string {
  return `${method} ${target} HTTP/1.1\r\nHost: workbook.test\r\nConnection: close\r\n\r\n`;
}

/** The head of a raw POST of JSON to /echo. `length`: null for chunks. */
export function echoHead(length: number | null): string {
  const size = length === null ? 'Transfer-Encoding: chunked' : `Content-Length: ${length}`;
  return `POST /echo HTTP/1.1\r\nHost: workbook.test\r\nContent-Type: application/json\r\n${size}\r\n\r\n`;
}

/** One chunk of a body in pieces (RFC 9112 §7.1). */
export function chunk(bytes: Buffer | string): Buffer {
  const body = Buffer.from(bytes as string);
  return Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n')]);
}
