import type { Response } from 'express';

/** Answers with a page. */
export function send(response: Response, page: { text: string }, status = 200): void {
  response.status(status).type('html').send(page.text);
}

/** A field or parameter; what was given twice, or not at all, is empty. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
