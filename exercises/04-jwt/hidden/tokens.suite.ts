// canary 108101174169ddb51e3b0b05
import { createHmac, createPublicKey, createVerify } from 'node:crypto';
import { clock, includes, rule, same, show, step, Unmet } from '#suite';
import type { Trial } from '#suite';
import {
  evilPair,
  forge,
  forgeRsa,
  headerOf,
  hs256,
  keyPair,
  nowSec,
  part,
  payloadOf,
  sealed,
  secretOf,
} from './forge.ts';

type Options = Record<string, unknown>;

rule('R1', async (t) => {
  const secret = secretOf(t);
  const payload = { sub: t.random.word(), name: 'Zoë 🦊', admin: false, list: [1, 'two', null] };
  const token = await signed(t, payload, secret, hs256({ expiresInSec: 60 }));
  await step(t, 'three parts of base64url without padding', async () => {
    must(/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token), 'three parts of A–Z a–z 0–9 - _, joined by dots', token);
  });
  await step(t, 'the header names the algorithm', async () => {
    must(
      includes(headerOf(token), { alg: 'HS256', typ: 'JWT' }),
      'a header with alg HS256 and typ JWT',
      headerOf(token),
    );
  });
  await step(t, 'the claims are in the payload', async () => {
    must(includes(payloadOf(token), payload), `a payload with ${show(payload)}`, payloadOf(token));
  });
  await step(t, 'iat and exp in whole seconds', async () => {
    const iat = nowSec(t);
    must(
      includes(payloadOf(token), { iat, exp: iat + 60 }),
      `a payload with iat ${iat} and exp ${iat + 60}`,
      payloadOf(token),
    );
  });
  await step(t, 'the signature is the HMAC over header and payload', async () => {
    const text = token.slice(0, token.lastIndexOf('.'));
    const expected = createHmac('sha256', secret).update(text).digest('base64url');
    must(token === `${text}.${expected}`, `the signature ${expected}`, token.slice(text.length + 1));
  });
  await step(t, 'iat and exp late in a second', async () => {
    await t.clock.advance(1_900 - (t.now % 1_000));
    const iat = nowSec(t) + 1;
    const late = payloadOf(await signed(t, payload, secret, hs256({ expiresInSec: 60 })));
    must(includes(late, { iat, exp: iat + 60 }), `a payload with iat ${iat} and exp ${iat + 60}`, late);
  });
});

rule('R2', async (t) => {
  const secret = secretOf(t);
  const claims = { sub: t.random.word(), exp: nowSec(t) + 60 };
  const good = forge(claims, secret);
  await step(t, 'a good token from elsewhere', () => mustAccept(t, good, secret, hs256(), claims));
  await step(t, 'a token of its own', async () => {
    const own = await signed(t, { sub: 'me' }, secret, hs256({ expiresInSec: 60 }));
    await mustAccept(t, own, secret, hs256(), { sub: 'me' });
  });
  await step(t, 'all its claims come back', async () => {
    const all = {
      ...claims,
      name: 'Zoë 🦊',
      admin: false,
      count: 0,
      list: [1, 'two', null],
      place: { x: 1 },
    };
    await mustAccept(t, forge(all, secret), secret, hs256(), all);
  });
  const [header = '', payload = '', signature = ''] = good.split('.');
  await step(t, 'another key', () => mustRefuse(t, good, secretOf(t), hs256()));
  await step(t, 'a changed payload', () =>
    mustRefuse(t, `${header}.${part({ ...claims, sub: 'admin' })}.${signature}`, secret, hs256()),
  );
  await step(t, 'a changed header', () =>
    mustRefuse(t, `${part({ alg: 'HS256' })}.${payload}.${signature}`, secret, hs256()),
  );
  for (const at of [0, Math.floor(signature.length / 2)]) {
    await step(t, 'a changed signature', async () => {
      const other = signature[at] === 'A' ? 'B' : 'A';
      await mustRefuse(
        t,
        `${header}.${payload}.${signature.slice(0, at)}${other}${signature.slice(at + 1)}`,
        secret,
        hs256(),
      );
    });
  }
  await step(t, 'a signature that is cut short', () =>
    mustRefuse(t, `${header}.${payload}.${signature.slice(0, 10)}`, secret, hs256()),
  );
  for (const alg of ['none', 'None', 'NONE', 'nOnE']) {
    const head = part({ alg, typ: 'JWT' });
    await step(t, `alg ${alg}, without a signature`, () =>
      mustRefuse(t, `${head}.${payload}.`, secret, hs256()),
    );
    await step(t, `alg ${alg}, with a signature`, () =>
      mustRefuse(t, forge(claims, secret, { alg, typ: 'JWT' }), secret, hs256()),
    );
  }
  for (const alg of ['HS512', 'RS256', 'hs256', undefined]) {
    await step(t, 'an algorithm that nobody asked for', () =>
      mustRefuse(t, forge(claims, secret, { alg, typ: 'JWT' }), secret, hs256()),
    );
  }
  await step(t, 'a real HS512 token', async () => {
    const text = `${part({ alg: 'HS512', typ: 'JWT' })}.${payload}`;
    await mustRefuse(
      t,
      `${text}.${createHmac('sha512', secret).update(text).digest('base64url')}`,
      secret,
      hs256(),
    );
  });
});

rule('R3', async (t) => {
  const secret = secretOf(t);
  const now = nowSec(t);
  const at = (claims: object): string => forge({ sub: 'x', ...claims }, secret);
  await step(t, 'one second before exp', () => mustAccept(t, at({ exp: now + 1 }), secret, hs256()));
  await step(t, 'exactly at exp', () => mustRefuse(t, at({ exp: now }), secret, hs256()));
  await step(t, 'after exp', () => mustRefuse(t, at({ exp: now - 100 }), secret, hs256()));
  await step(t, 'no exp', () => mustRefuse(t, at({}), secret, hs256()));
  await step(t, 'an exp that is text', () => mustRefuse(t, at({ exp: String(now + 60) }), secret, hs256()));
  await step(t, 'an exp that is null', () => mustRefuse(t, at({ exp: null }), secret, hs256()));
  await step(t, 'before nbf', () => mustRefuse(t, at({ exp: now + 60, nbf: now + 1 }), secret, hs256()));
  await step(t, 'exactly at nbf', () => mustAccept(t, at({ exp: now + 60, nbf: now }), secret, hs256()));
  await step(t, 'the clock moves to exp', async () => {
    const token = await signed(t, { sub: 'x' }, secret, hs256({ expiresInSec: 60 }));
    await t.clock.advance(59_000);
    await mustAccept(t, token, secret, hs256());
    await t.clock.advance(1_000);
    await mustRefuse(t, token, secret, hs256());
  });
  await step(t, 'at exp to the millisecond', async () => {
    // The clock began somewhere within a second, and was moved by whole ones since.
    const rest = 1_000 - (t.now % 1_000);
    await t.clock.advance(rest);
    const second = (t.now + 60_000 + rest) / 1_000;
    await mustAccept(t, at({ exp: second + 1, nbf: second }), secret, hs256());
    await mustRefuse(t, at({ exp: second }), secret, hs256());
  });
  await step(t, 'late in a second', async () => {
    await t.clock.advance(900);
    const next = now + 62;
    await mustAccept(t, at({ exp: next }), secret, hs256());
    await mustRefuse(t, at({ exp: next + 60, nbf: next }), secret, hs256());
  });
});

rule('R10', async (t) => {
  const { publicKey, privateKey } = await keyPair;
  const claims = { sub: 'admin', exp: nowSec(t) + 60 };
  const rs256 = { algorithm: 'RS256', clock: clock() };
  await step(t, 'a real RS256 token', () =>
    mustAccept(t, forgeRsa(claims, privateKey), publicKey, rs256, claims),
  );
  for (const text of [publicKey, publicKey.trim(), publicKey.replaceAll('\n', '')]) {
    await step(t, 'HS256 with the text of the public key', () =>
      mustRefuse(t, forge(claims, text), publicKey, rs256),
    );
    await step(t, 'the same, and a header that says RS256', async () => {
      await mustRefuse(t, forge(claims, text, { alg: 'RS256', typ: 'JWT' }), publicKey, rs256);
    });
  }
  await step(t, 'keys that the header brings along', async () => {
    const evil = secretOf(t);
    const jwk = { kty: 'oct', k: Buffer.from(evil).toString('base64url') };
    const secret = secretOf(t);
    for (const more of [
      { jwk },
      { jku: 'http://127.0.0.1:9/keys' },
      { x5u: 'http://127.0.0.1:9/cert' },
      { kid: '../../dev/null' },
    ]) {
      await mustRefuse(t, forge(claims, evil, { alg: 'HS256', typ: 'JWT', ...more }), secret, hs256());
      await mustAccept(t, forge(claims, secret, { alg: 'HS256', typ: 'JWT', ...more }), secret, hs256());
    }
  });
  await step(t, 'a public key that the header brings along', async () => {
    const evil = await evilPair;
    const jwk = createPublicKey(evil.publicKey).export({ format: 'jwk' });
    const [, body = ''] = evil.publicKey
      .replaceAll('\n', '')
      .split('-----')
      .filter((each) => each !== '');
    for (const more of [{ jwk }, { x5c: [body] }, { jku: 'http://127.0.0.1:9/keys' }, { kid: '0', jwk }]) {
      const head = { alg: 'RS256', typ: 'JWT', ...more };
      await mustRefuse(t, forgeRsa(claims, evil.privateKey, head), publicKey, rs256);
      await mustAccept(t, forgeRsa(claims, privateKey, head), publicKey, rs256);
    }
  });
});

rule('R11', async (t) => {
  const { publicKey, privateKey } = await keyPair;
  const rs256 = { algorithm: 'RS256', clock: clock() };
  const token = await signed(t, { sub: t.random.word() }, privateKey, { ...rs256, expiresInSec: 60 });
  await step(t, 'anybody with the public key can check it', async () => {
    const [header = '', payload = '', signature = ''] = token.split('.');
    const fits = createVerify('RSA-SHA256')
      .update(`${header}.${payload}`)
      .verify(publicKey, Buffer.from(signature, 'base64url'));
    must(
      fits && headerOf(token)?.['alg'] === 'RS256',
      'alg RS256, and a signature that fits the public key',
      token,
    );
  });
  await step(t, 'verify accepts it', () => mustAccept(t, token, publicKey, rs256));
  await step(t, 'a changed payload', async () => {
    const [header = '', , signature = ''] = token.split('.');
    await mustRefuse(
      t,
      `${header}.${part({ sub: 'admin', exp: nowSec(t) + 60 })}.${signature}`,
      publicKey,
      rs256,
    );
  });
  await step(t, 'an HS256 token where RS256 is asked for', async () => {
    const claims = { sub: 'x', exp: nowSec(t) + 60 };
    await mustRefuse(t, forge(claims, secretOf(t)), publicKey, rs256);
  });
  for (const alg of ['RS512', 'PS256', 'HS256', 'rs256', 'none', undefined]) {
    await step(t, 'a signature that fits, and a header that names another algorithm', async () => {
      const claims = { sub: 'x', exp: nowSec(t) + 60 };
      await mustRefuse(t, forgeRsa(claims, privateKey, { alg, typ: 'JWT' }), publicKey, rs256);
    });
  }
});

rule('R12', async (t) => {
  const secret = secretOf(t);
  const [issuer, audience] = [t.random.word(), t.random.word()];
  const at = (claims: object): string => forge({ exp: nowSec(t) + 60, ...claims }, secret);
  const asked = hs256({ issuer, audience });
  await step(t, 'sign puts them in', async () => {
    const token = await signed(t, {}, secret, hs256({ expiresInSec: 60, issuer, audience }));
    must(
      includes(payloadOf(token), { iss: issuer, aud: audience }),
      `iss ${issuer} and aud ${audience}`,
      payloadOf(token),
    );
    await mustAccept(t, token, secret, asked);
  });
  await step(t, 'aud may be a list', () =>
    mustAccept(t, at({ iss: issuer, aud: ['other', audience] }), secret, asked),
  );
  await step(t, 'another issuer', () => mustRefuse(t, at({ iss: 'other', aud: audience }), secret, asked));
  await step(t, 'an issuer that begins or ends with the name', async () => {
    await mustRefuse(t, at({ iss: `${issuer}.test`, aud: audience }), secret, asked);
    await mustRefuse(t, at({ iss: `x-${issuer}`, aud: audience }), secret, asked);
  });
  await step(t, 'an issuer that is a list', () =>
    mustRefuse(t, at({ iss: [issuer], aud: audience }), secret, asked),
  );
  await step(t, 'upper case', async () => {
    await mustRefuse(t, at({ iss: issuer.toUpperCase(), aud: audience }), secret, asked);
    await mustRefuse(t, at({ iss: issuer, aud: audience.toUpperCase() }), secret, asked);
  });
  await step(t, 'only an issuer is asked for', async () => {
    await mustAccept(t, at({ iss: issuer }), secret, hs256({ issuer }));
    await mustRefuse(t, at({ iss: 'other' }), secret, hs256({ issuer }));
  });
  await step(t, 'only an audience is asked for', async () => {
    await mustAccept(t, at({ iss: 'other', aud: audience }), secret, hs256({ audience }));
    await mustRefuse(t, at({ iss: issuer, aud: 'other' }), secret, hs256({ audience }));
  });
  await step(t, 'no issuer', () => mustRefuse(t, at({ aud: audience }), secret, asked));
  await step(t, 'another audience', () => mustRefuse(t, at({ iss: issuer, aud: 'other' }), secret, asked));
  await step(t, 'an audience that only contains the name', () =>
    mustRefuse(t, at({ iss: issuer, aud: `${audience}-test` }), secret, asked),
  );
  await step(t, 'a list without it', () =>
    mustRefuse(t, at({ iss: issuer, aud: ['other', `${audience}2`] }), secret, asked),
  );
  await step(t, 'no audience', () => mustRefuse(t, at({ iss: issuer }), secret, asked));
  await step(t, 'nobody asks', () => mustAccept(t, at({ iss: 'other', aud: 'other' }), secret, hs256()));
});

rule('R13', async (t) => {
  const secret = secretOf(t);
  const good = forge({ sub: 'x', exp: nowSec(t) + 60 }, secret);
  const [header = '', payload = '', signature = ''] = good.split('.');
  // Its JSON is one byte longer than a number of threes, and six question marks make a slash wherever they stand.
  const claims = { sub: '??????', exp: nowSec(t) + 60, pad: '' };
  while (JSON.stringify(claims).length % 3 !== 1) claims.pad += 'x';
  const plain = Buffer.from(JSON.stringify(claims)).toString('base64');
  const odd: [string, unknown][] = [
    ['an empty text', ''],
    ['two dots', '..'],
    ['one part', header],
    ['two parts', `${header}.${payload}`],
    ['four parts', `${good}.${signature}`],
    ['a header that is no JSON', `${part('no json')}.${payload}.${signature}`],
    ['a payload that is no JSON', forge('no json', secret)],
    ['a payload that is a list', forge([1, 2], secret)],
    ['a payload that is null', forge(null, secret)],
    ['a header that is null', forge({ exp: nowSec(t) + 60 }, secret, null)],
    ['a signature with padding', `${good}=`],
    ['a signature with a sign behind it', `${good}!`],
    ['a payload in base64 with / and =, well signed', sealed(`${header}.${plain}`, secret)],
    ['a payload with padding, well signed', sealed(`${header}.${part(claims)}==`, secret)],
    ['a payload with a / in it, well signed', sealed(`${header}.${plain.replaceAll('=', '')}`, secret)],
    ['a space in front', ` ${good}`],
    ['a line break behind', `${good}\n`],
    ['signs that are no base64url', `${header}.${payload}.!!!!`],
    ['bytes that are no UTF-8', `${header}.${Buffer.from([0xff, 0xfe]).toString('base64url')}.${signature}`],
    ['a very long text', 'a'.repeat(100_000)],
    ['no text at all', null],
    ['a number', 42],
    ['an object', { alg: 'none' }],
  ];
  await step(t, 'a good token', async () => {
    await mustAccept(t, good, secret, hs256());
    await mustAccept(t, forge(claims, secret), secret, hs256(), claims);
  });
  for (const [what, token] of odd) await step(t, what, () => mustRefuse(t, token, secret, hs256()));
});

rule('R14', async (t) => {
  const secret = secretOf(t);
  const now = nowSec(t);
  const leewaySec = t.random.integer(5, 50);
  const at = (claims: object): string => forge({ sub: 'x', ...claims }, secret);
  const lenient = hs256({ leewaySec });
  await step(t, 'expired within the leeway', () =>
    mustAccept(t, at({ exp: now - leewaySec + 1 }), secret, lenient),
  );
  await step(t, 'expired by the leeway', () => mustRefuse(t, at({ exp: now - leewaySec }), secret, lenient));
  await step(t, 'not valid yet, within the leeway', () =>
    mustAccept(t, at({ exp: now + 99, nbf: now + leewaySec }), secret, lenient),
  );
  await step(t, 'not valid yet, beyond the leeway', () =>
    mustRefuse(t, at({ exp: now + 99, nbf: now + leewaySec + 1 }), secret, lenient),
  );
  await step(t, 'no leeway asked for', () => mustRefuse(t, at({ exp: now }), secret, hs256()));
});

rule('R15', async (t) => {
  const claims = { sub: 'x', exp: nowSec(t) + 60 };
  const strong = t.random.word(32);
  const weak = t.random.word(31);
  await step(t, 'a secret of 32 bytes', async () => {
    await signed(t, { sub: 'x' }, strong, hs256({ expiresInSec: 60 }));
    await mustAccept(t, forge(claims, strong), strong, hs256());
  });
  await step(t, 'bytes count, not characters', async () => {
    const key = 'ë'.repeat(16);
    await signed(t, { sub: 'x' }, key, hs256({ expiresInSec: 60 }));
    await mustAccept(t, forge(claims, key), key, hs256());
  });
  for (const key of [weak, 'your-secret-key', '']) {
    await step(t, 'sign with a weak secret', async () => {
      const outcome = await t.call('sign', [{ sub: 'x' }, key, hs256({ expiresInSec: 60 })]);
      if ('value' in outcome)
        throw new Unmet({
          expected: 'sign throws',
          got: show(outcome.value),
          sent: `a secret of ${key.length} characters`,
        });
    });
    await step(t, 'verify with a weak secret', () => mustRefuse(t, forge(claims, key), key, hs256()));
  }
});

async function signed(t: Trial, payload: object, key: string, options: Options): Promise<string> {
  const outcome = await t.call('sign', [payload, key, options]);
  const token = 'value' in outcome ? outcome.value : null;
  if (typeof token === 'string' && token !== '') return token;
  const got = 'threw' in outcome ? `it threw ${outcome.threw.name}: ${outcome.threw.message}` : show(token);
  throw new Unmet({ expected: 'a token, a string', got, sent: `sign(${show(payload)}, key, …)` });
}

async function mustAccept(
  t: Trial,
  token: string,
  key: string,
  options: Options,
  claims: object = {},
): Promise<void> {
  await t.mustReturn(
    'verify',
    [token, key, options],
    `{ ok: true, payload } with ${show(claims)}`,
    (value: unknown) => {
      const { ok, payload } = value as { ok: unknown; payload: unknown };
      return ok === true && includes(payload, claims);
    },
  );
}

async function mustRefuse(t: Trial, token: unknown, key: string, options: Options): Promise<void> {
  await t.mustReturn('verify', [token, key, options], '{ ok: false, reason }', (value: unknown) =>
    same((value as { ok: unknown }).ok, false),
  );
}

function must(holds: boolean, expected: string, got: unknown): void {
  if (!holds) throw new Unmet({ expected, got: show(got), sent: 'sign(…)' });
}
