// What the check calls. Leave it as it is.
export { createApp } from './app.ts';
export { backup, restore } from './backup.ts';
