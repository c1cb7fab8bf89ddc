import { createServer } from './base.ts';

void createServer;
