import { Router, json } from 'express';
import type { RequestHandler } from 'express';
import type { Accounts } from '../accounts.ts';
import { Failure } from './failure.ts';
import { textField } from './fields.ts';
import { accountOf } from './require-user.ts';

export function accountRoutes(accounts: Accounts, guard: RequestHandler): Router {
  const router = Router();

  router.post('/register', json(), async (request, response) => {
    const email = textField(request, 'email');
    const password = textField(request, 'password');
    if (!email.includes('@')) throw new Failure(400, 'this is no e-mail');
    if (password.length < 8 || password.length > 1024)
      throw new Failure(400, 'a password has 8 to 1024 characters');
    const account = await accounts.create(email, password);
    if (account === null) throw new Failure(409, 'this e-mail is taken');
    response.status(201).json(account);
  });

  router.get('/me', guard, (_request, response) => {
    response.json(accountOf(response));
  });

  return router;
}
