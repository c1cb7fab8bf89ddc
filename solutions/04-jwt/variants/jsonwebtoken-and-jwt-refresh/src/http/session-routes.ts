import { Router, json } from 'express';
import type { Accounts } from '../accounts.ts';
import type { Sessions } from '../sessions.ts';
import { Failure } from './failure.ts';
import { textField } from './fields.ts';

export function sessionRoutes(accounts: Accounts, sessions: Sessions): Router {
  const router = Router();

  router.post('/login', json(), async (request, response) => {
    const account = await accounts.withPassword(textField(request, 'email'), textField(request, 'password'));
    if (account === null) throw new Failure(401, 'e-mail and password do not fit');
    response.set('Cache-Control', 'no-store').json(sessions.begin(account.id));
  });

  router.post('/token/refresh', json(), (request, response) => {
    const pair = sessions.renew(textField(request, 'refreshToken'));
    if (pair === null) throw new Failure(401, 'this session is over');
    response.set('Cache-Control', 'no-store').json(pair);
  });

  router.post('/logout', json(), (request, response) => {
    sessions.end(textField(request, 'refreshToken'));
    response.json({ loggedOut: true });
  });

  return router;
}
