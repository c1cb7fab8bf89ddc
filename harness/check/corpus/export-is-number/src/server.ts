export const createServer = 4000;
