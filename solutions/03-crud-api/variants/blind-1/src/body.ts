import express, { type Request, type RequestHandler } from 'express';
import { HttpError } from './errors.ts';

const JSON_TYPE = 'application/json';
const PATCH_TYPE = 'application/merge-patch+json';
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Any media type is read to its end; jsonObject() then judges it. */
export const readBody: RequestHandler = express.raw({ type: () => true, limit: '100kb' });

export function jsonObject(req: Request): Record<string, unknown> {
  const type = (req.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  const body: unknown = req.body;
  if (!Buffer.isBuffer(body) || body.length === 0) throw new HttpError(400, 'A JSON body is required');
  if (type !== JSON_TYPE && !(req.method === 'PATCH' && type === PATCH_TYPE)) {
    throw new HttpError(415, `Send ${JSON_TYPE}`);
  }

  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(body));
  } catch {
    throw new HttpError(400, 'The body is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new HttpError(422, 'The body must be a JSON object');
  }
  return value as Record<string, unknown>;
}
