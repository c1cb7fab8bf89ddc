import { Server } from 'node:http';

export class createServer extends Server {}
