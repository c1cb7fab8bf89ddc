// canary 83ba536e016ca0573517ff8e
import type { Server } from 'node:http';
import { createApp } from './app.ts';
import type { Outside } from './app.ts';

export { createApp } from './app.ts';
export { priceCart } from './cart.ts';
export { parseMoney } from './money.ts';

export function startProgram(env: Record<string, string>, outside: Omit<Outside, 'adminToken'>): Server {
  const adminToken = env['ADMIN_TOKEN'] ?? '';
  if (adminToken === '') throw new Error('ADMIN_TOKEN is missing');
  return createApp({ ...outside, adminToken });
}
