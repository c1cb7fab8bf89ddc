import { createHmac, createVerify } from 'node:crypto';
import { expect, test } from 'vitest';
import { sign, verify } from '../../../../solutions/04-jwt/src/tokens.ts';
import type { SignOptions, VerifyOptions } from '../../../../solutions/04-jwt/src/tokens.ts';
import {
  FakeClock,
  forge,
  forgeRsa,
  newKeyPair,
  newSecret,
  part,
  partOf,
  randomWord,
  turned,
} from './stage.ts';

const clock = new FakeClock();
const now = clock.seconds;
const { publicKey, privateKey } = newKeyPair();

const forVerify = (more: Partial<VerifyOptions> = {}): VerifyOptions => ({
  algorithm: 'HS256',
  clock,
  ...more,
});
const forSign = (more: Partial<SignOptions> = {}): SignOptions => ({
  algorithm: 'HS256',
  clock,
  expiresInSec: 60,
  ...more,
});

function accepts(token: string, key: string, options = forVerify(), claims: object = {}): void {
  expect(verify(token, key, options)).toMatchObject({ ok: true, payload: claims });
}

function refuses(token: unknown, key: string, options = forVerify()): void {
  expect(verify(token as string, key, options)).toMatchObject({ ok: false });
}

test('R1 sign makes a token that anybody with the key can check', () => {
  const secret = newSecret();
  const payload = { sub: randomWord(), name: 'Zoë 🦊', admin: false, list: [1, 'two', null] };
  const token = sign(payload, secret, forSign());
  expect(token).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
  expect(partOf(token, 0)).toMatchObject({ alg: 'HS256', typ: 'JWT' });
  expect(partOf(token, 1)).toMatchObject({ ...payload, iat: now, exp: now + 60 });
  const text = token.slice(0, token.lastIndexOf('.'));
  expect(token).toBe(`${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`);
});

test('R2 verify accepts a good token and refuses a changed one, and another algorithm', () => {
  const secret = newSecret();
  const claims = { sub: randomWord(), exp: now + 60 };
  const good = forge(claims, secret);
  accepts(good, secret, forVerify(), claims);
  accepts(sign({ sub: 'me' }, secret, forSign()), secret, forVerify(), { sub: 'me' });
  const [header = '', payload = '', signature = ''] = good.split('.');
  refuses(good, newSecret());
  refuses(`${header}.${part({ ...claims, sub: 'admin' })}.${signature}`, secret);
  refuses(`${part({ alg: 'HS256' })}.${payload}.${signature}`, secret);
  for (const at of [0, Math.floor(signature.length / 2)]) {
    const other = signature[at] === 'A' ? 'B' : 'A';
    refuses(`${header}.${payload}.${signature.slice(0, at)}${other}${signature.slice(at + 1)}`, secret);
  }
  refuses(`${header}.${payload}.${signature.slice(0, 10)}`, secret);
  for (const alg of ['none', 'None', 'NONE', 'nOnE']) {
    refuses(`${part({ alg, typ: 'JWT' })}.${payload}.`, secret);
    refuses(forge(claims, secret, { alg, typ: 'JWT' }), secret);
  }
  for (const alg of ['HS512', 'RS256', 'hs256', undefined])
    refuses(forge(claims, secret, { alg, typ: 'JWT' }), secret);
  const text = `${part({ alg: 'HS512', typ: 'JWT' })}.${payload}`;
  refuses(`${text}.${createHmac('sha512', secret).update(text).digest('base64url')}`, secret);
});

test('R3 a token is refused from the second of exp on, before nbf, and without exp', () => {
  const secret = newSecret();
  const at = (claims: object): string => forge({ sub: 'x', ...claims }, secret);
  accepts(at({ exp: now + 1 }), secret);
  for (const claims of [
    { exp: now },
    { exp: now - 100 },
    {},
    { exp: String(now + 60) },
    { exp: null },
    { exp: now + 60, nbf: now + 1 },
  ])
    refuses(at(claims), secret);
  accepts(at({ exp: now + 60, nbf: now }), secret);
  const moved = new FakeClock();
  const options = forVerify({ clock: moved });
  const token = sign({ sub: 'x' }, secret, forSign());
  moved.time += 59_000;
  accepts(token, secret, options);
  moved.time += 1_000;
  refuses(token, secret, options);
  moved.time += 1_000 - (moved.time % 1_000);
  const second = moved.time / 1_000;
  accepts(at({ exp: second + 1, nbf: second }), secret, options);
  refuses(at({ exp: second }), secret, options);
});

test('R10 HS256 with the text of a public key is refused, and keys in the header change nothing', () => {
  const claims = { sub: 'admin', exp: now + 60 };
  const rs256 = forVerify({ algorithm: 'RS256' });
  accepts(forgeRsa(claims, privateKey), publicKey, rs256, claims);
  for (const text of [publicKey, publicKey.trim(), publicKey.replaceAll('\n', '')]) {
    refuses(forge(claims, text), publicKey, rs256);
    refuses(forge(claims, text, { alg: 'RS256', typ: 'JWT' }), publicKey, rs256);
  }
  const [evil, secret] = [newSecret(), newSecret()];
  for (const more of [
    { jwk: { kty: 'oct', k: Buffer.from(evil).toString('base64url') } },
    { jku: 'http://127.0.0.1:9/keys' },
    { x5u: 'http://127.0.0.1:9/cert' },
    { kid: '../../dev/null' },
  ]) {
    refuses(forge(claims, evil, { alg: 'HS256', typ: 'JWT', ...more }), secret);
    accepts(forge(claims, secret, { alg: 'HS256', typ: 'JWT', ...more }), secret);
  }
});

test('R11 RS256 works', () => {
  const rs256 = forVerify({ algorithm: 'RS256' });
  const token = sign({ sub: randomWord() }, privateKey, forSign({ algorithm: 'RS256' }));
  const [header = '', payload = '', signature = ''] = token.split('.');
  const check = createVerify('RSA-SHA256').update(`${header}.${payload}`);
  expect(check.verify(publicKey, Buffer.from(signature, 'base64url'))).toBe(true);
  expect(partOf(token, 0)).toMatchObject({ alg: 'RS256' });
  accepts(token, publicKey, rs256);
  refuses(`${header}.${part({ sub: 'admin', exp: now + 60 })}.${signature}`, publicKey, rs256);
  refuses(forge({ sub: 'x', exp: now + 60 }, newSecret()), publicKey, rs256);
});

test('R12 iss and aud are checked when they are asked for', () => {
  const secret = newSecret();
  const [issuer, audience] = [randomWord(), randomWord()];
  const at = (claims: object): string => forge({ exp: now + 60, ...claims }, secret);
  const asked = forVerify({ issuer, audience });
  const token = sign({}, secret, forSign({ issuer, audience }));
  expect(partOf(token, 1)).toMatchObject({ iss: issuer, aud: audience });
  accepts(token, secret, asked);
  accepts(at({ iss: issuer, aud: ['other', audience] }), secret, asked);
  for (const claims of [
    { iss: 'other', aud: audience },
    { aud: audience },
    { iss: issuer, aud: 'other' },
    { iss: issuer, aud: `${audience}-test` },
    { iss: issuer, aud: ['other', `${audience}2`] },
    { iss: issuer },
  ])
    refuses(at(claims), secret, asked);
  accepts(at({ iss: 'other', aud: 'other' }), secret);
});

test('R13 whatever the token is, verify answers and never throws', () => {
  const secret = newSecret();
  const good = forge({ sub: 'x', exp: now + 60 }, secret);
  const [header = '', payload = '', signature = ''] = good.split('.');
  accepts(good, secret);
  for (const odd of [
    '',
    '..',
    header,
    `${header}.${payload}`,
    `${good}.${signature}`,
    `${part('no json')}.${payload}.${signature}`,
    forge('no json', secret),
    forge([1, 2], secret),
    forge(null, secret),
    forge({ exp: now + 60 }, secret, null),
    `${good}=`,
    `${good}!`,
    `${header}.${payload}.!!!!`,
    `${header}.${Buffer.from([0xff, 0xfe]).toString('base64url')}.${signature}`,
    'a'.repeat(100_000),
    null,
    42,
    { alg: 'none' },
    turned(good),
  ])
    refuses(odd, secret);
});

test('R14 a leeway moves exp and nbf by that many seconds and no more', () => {
  const secret = newSecret();
  const leewaySec = 23;
  const at = (claims: object): string => forge({ sub: 'x', ...claims }, secret);
  const lenient = forVerify({ leewaySec });
  accepts(at({ exp: now - leewaySec + 1 }), secret, lenient);
  refuses(at({ exp: now - leewaySec }), secret, lenient);
  accepts(at({ exp: now + 99, nbf: now + leewaySec }), secret, lenient);
  refuses(at({ exp: now + 99, nbf: now + leewaySec + 1 }), secret, lenient);
  refuses(at({ exp: now }), secret);
});

test('R15 a weak key is refused, by sign and by verify', () => {
  const claims = { sub: 'x', exp: now + 60 };
  const strong = randomWord(32);
  sign({ sub: 'x' }, strong, forSign());
  accepts(forge(claims, strong), strong);
  sign({ sub: 'x' }, 'ë'.repeat(16), forSign());
  for (const key of [randomWord(31), 'your-secret-key', '']) {
    expect(() => sign({ sub: 'x' }, key, forSign())).toThrow();
    if (key !== '') refuses(forge(claims, key), key);
  }
});
