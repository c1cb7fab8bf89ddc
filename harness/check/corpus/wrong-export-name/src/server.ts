export { createServer as createserver } from './base.ts';
