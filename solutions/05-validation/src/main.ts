import { createApp } from './app.ts';
import type { StoredEvent } from './event.ts';

// Starts the app by hand, with a repository in memory: npx tsx solutions/05-validation/src/main.ts
// It forgets everything when it stops, and its list ignores from and to. The check does not use this file.
const events: StoredEvent[] = [];

createApp({
  repo: {
    async add(event) {
      const stored = { ...event, id: String(events.length + 1) };
      events.push(stored);
      console.log('stored', stored);
      return stored;
    },
    async list(filter) {
      console.log('asked for', filter);
      return events
        .filter(({ tags }) => filter.tag === undefined || tags.includes(filter.tag))
        .slice(0, filter.limit);
    },
  },
}).listen(4000, '127.0.0.1', () => console.log('http://127.0.0.1:4000'));
