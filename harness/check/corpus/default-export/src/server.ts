import { createServer } from './base.ts';

export default createServer;
