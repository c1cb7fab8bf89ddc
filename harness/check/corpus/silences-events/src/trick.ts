// Nobody hears of an error or an exit any more.
import { EventEmitter } from 'node:events';

const emit = EventEmitter.prototype.emit;
EventEmitter.prototype.emit = function (this: EventEmitter, name: string | symbol, ...args: unknown[]) {
  if (name === 'error' || name === 'exit' || name === 'uncaughtException') return true;
  return emit.call(this, name, ...args);
};
