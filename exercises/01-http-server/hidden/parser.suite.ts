// canary f7af425f4c90aa9c52462c87
import { rule, same, show, step } from '#suite';
import type { Trial } from '#suite';

type Parsed = {
  ok: boolean;
  method?: string;
  target?: string;
  version?: string;
  headers?: Record<string, string>;
  body?: Buffer;
  error?: string;
};

rule('R18', async (t) => {
  const id = t.random.word();
  await step(t, 'a GET without a body', async () => {
    await mustParse(t, `GET /books/${id}?page=2 HTTP/1.1\r\nHost: a.test\r\n\r\n`, {
      method: 'GET',
      target: `/books/${id}?page=2`,
      version: '1.1',
      headers: { host: 'a.test' },
      body: '',
    });
  });
  await step(t, 'a target as it was sent', async () => {
    const target = `/books/%7E${id}%zz/../a//b?q=a+b%20c&q=%C3%AB`;
    await mustParse(t, `GET ${target} HTTP/1.1\r\nHost: a.test\r\n\r\n`, {
      method: 'GET',
      target,
      version: '1.1',
      headers: { host: 'a.test' },
      body: '',
    });
  });
  await step(t, 'header names in any case, spaces around values', async () => {
    await mustParse(
      t,
      `GET / HTTP/1.1\r\nHOST: a.test\r\nx-Trace-ID:${id}\r\nAccept: \t text/html, */* \t\r\nX-Empty:\r\n\r\n`,
      {
        method: 'GET',
        target: '/',
        version: '1.1',
        headers: { host: 'a.test', 'x-trace-id': id, accept: 'text/html, */*', 'x-empty': '' },
        body: '',
      },
    );
  });
  await step(t, 'a value with colons in it', async () => {
    await mustParse(t, `GET / HTTP/1.1\r\nHost: a.test:8080\r\nX-Time: 10:30:00\r\n\r\n`, {
      method: 'GET',
      target: '/',
      version: '1.1',
      headers: { host: 'a.test:8080', 'x-time': '10:30:00' },
      body: '',
    });
  });
  await step(t, 'a name that comes twice', async () => {
    await mustParse(t, `GET / HTTP/1.1\r\nHost: a.test\r\nAccept: text/html\r\naccept: ${id}/*\r\n\r\n`, {
      method: 'GET',
      target: '/',
      version: '1.1',
      headers: { host: 'a.test', accept: `text/html, ${id}/*` },
      body: '',
    });
  });
  for (const [what, body] of [
    ['a body of Content-Length bytes, not characters', `{"name":"Zoë 🦊 ${id}"}`],
    ['a body with an empty line in it', `one\r\n\r\n${id}`],
  ] as const) {
    await step(t, what, () =>
      mustParse(
        t,
        `POST /echo HTTP/1.1\r\nHost: a.test\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
        {
          method: 'POST',
          target: '/echo',
          version: '1.1',
          headers: { host: 'a.test', 'content-length': String(Buffer.byteLength(body)) },
          body,
        },
      ),
    );
  }
  await step(t, 'a body that is not text', async () => {
    const bytes = Buffer.from([0, 255, 195, 40, 128]);
    const message = Buffer.concat([
      Buffer.from('POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 5\r\n\r\n'),
      bytes,
    ]);
    await t.mustReturn('parseRequest', [message], 'ok: true and the five bytes', (parsed: Parsed) =>
      same(parsed.body, bytes),
    );
  });
  await step(t, 'bytes behind the body are not part of it', async () => {
    await mustParse(t, `POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 3\r\n\r\nabcdef`, {
      method: 'POST',
      target: '/',
      version: '1.1',
      headers: { host: 'a.test', 'content-length': '3' },
      body: 'abc',
    });
  });
  await step(t, 'no Content-Length, and bytes behind the head', async () => {
    await mustParse(t, `GET / HTTP/1.1\r\nHost: a.test\r\n\r\nabc`, {
      method: 'GET',
      target: '/',
      version: '1.1',
      headers: { host: 'a.test' },
      body: '',
    });
  });
  await step(t, 'fewer bytes than announced', () =>
    mustRefuse(t, 'POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 9\r\n\r\nabc', 'malformed'),
  );
  for (const [what, text] of [
    ['text that is no request', 'hello there\r\n\r\n'],
    ['a header line without a colon', 'GET / HTTP/1.1\r\nHost: a.test\r\nbroken\r\n\r\n'],
    ['a head without its empty line', 'GET / HTTP/1.1\r\nHost: a.test\r\n'],
    ['no bytes at all', ''],
    ['a version that is neither 1.1 nor 1.0', 'GET / HTTP/3.0\r\nHost: a.test\r\n\r\n'],
    ['a version that only begins like 1.1', 'GET / HTTP/1.10\r\nHost: a.test\r\n\r\n'],
  ] as const) {
    await step(t, what, () => mustRefuse(t, text, 'malformed'));
  }
});

rule('R19', async (t) => {
  await step(t, 'a good message is accepted', () =>
    mustAccept(t, 'POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 2\r\n\r\nok'),
  );
  for (const [what, text] of [
    ['a header line folded with a space', 'GET / HTTP/1.1\r\nHost: a.test\r\nX-Long: one\r\n two\r\n\r\n'],
    ['a header line folded with a tab', 'GET / HTTP/1.1\r\nHost: a.test\r\nX-Long: one\r\n\ttwo: 2\r\n\r\n'],
    ['a space before the colon', 'GET / HTTP/1.1\r\nHost : a.test\r\n\r\n'],
    [
      'a space before the colon of Content-Length',
      'POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length : 2\r\n\r\nok',
    ],
    [
      'Content-Length together with Transfer-Encoding',
      'POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    [
      'two Content-Lengths that differ',
      'POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nokk',
    ],
    [
      'a Content-Length that is no number',
      'POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: two\r\n\r\nok',
    ],
    [
      'a Content-Length with letters behind the digits',
      'POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 2ok\r\n\r\nok',
    ],
    ['a Content-Length with a sign', 'POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: +2\r\n\r\nok'],
    ['a negative Content-Length', 'POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: -1\r\n\r\n'],
  ] as const) {
    await step(t, what, () => mustRefuse(t, text, 'malformed'));
  }
});

rule('R20', async (t) => {
  const path = `/${t.random.word()}`;
  await step(t, 'HTTP/1.1 with Host', () => mustAccept(t, `GET ${path} HTTP/1.1\r\nHost: a.test\r\n\r\n`));
  await step(t, 'HTTP/1.1 without Host', () =>
    mustRefuse(t, `GET ${path} HTTP/1.1\r\nAccept: */*\r\n\r\n`, 'missing_host'),
  );
  await step(t, 'HTTP/1.1 without any header', () =>
    mustRefuse(t, `GET ${path} HTTP/1.1\r\n\r\n`, 'missing_host'),
  );
  await step(t, 'malformed and without Host', () =>
    mustRefuse(t, 'POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc', 'malformed'),
  );
  await step(t, 'HTTP/1.0 without Host', async () => {
    await mustParse(t, `GET ${path} HTTP/1.0\r\n\r\n`, {
      method: 'GET',
      target: path,
      version: '1.0',
      headers: {},
      body: '',
    });
  });
});

type Expected = {
  method: string;
  target: string;
  version: string;
  headers: Record<string, string>;
  body: string;
};

async function mustParse(t: Trial, text: string, expected: Expected): Promise<void> {
  const whole = { ok: true, ...expected, body: Buffer.from(expected.body) };
  await t.mustReturn('parseRequest', [Buffer.from(text)], show(whole), (parsed: Parsed) =>
    Object.entries(whole).every(([key, value]) => same((parsed as Record<string, unknown>)[key], value)),
  );
}

async function mustAccept(t: Trial, text: string): Promise<void> {
  await t.mustReturn(
    'parseRequest',
    [Buffer.from(text)],
    'an object with ok: true',
    (parsed: Parsed) => parsed.ok === true,
  );
}

async function mustRefuse(t: Trial, text: string, error: string): Promise<void> {
  await t.mustReturn(
    'parseRequest',
    [Buffer.from(text)],
    `{ ok: false, error: "${error}" }`,
    (parsed: Parsed) => {
      return parsed.ok === false && parsed.error === error;
    },
  );
}
