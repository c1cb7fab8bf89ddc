import type { RequestHandler, Response } from 'express';
import type { Account, Accounts } from '../accounts.ts';
import type { Sessions } from '../sessions.ts';
import { Failure } from './failure.ts';

const CHALLENGE = 'Bearer realm="notes"';

/** Lets nobody through without a good access token. */
export function requireUser(sessions: Sessions, accounts: Accounts): RequestHandler {
  return (request, response, next) => {
    const [scheme = '', token, ...rest] = (request.headers.authorization ?? '').trim().split(/ +/);
    if (scheme.toLowerCase() !== 'bearer') throw unauthorized();
    if (token === undefined || rest.length > 0) throw unauthorized('invalid_request');
    const id = sessions.userIn(token);
    const account = id === null ? null : accounts.byId(id);
    if (account === null) throw unauthorized('invalid_token');
    response.locals['account'] = account;
    next();
  };
}

/** Who passed the guard. */
export function accountOf(response: Response): Account {
  return response.locals['account'] as Account;
}

function unauthorized(code?: string): Failure {
  const challenge = code === undefined ? CHALLENGE : `${CHALLENGE}, error="${code}"`;
  return new Failure(401, 'log in first', { 'WWW-Authenticate': challenge });
}
