import express, { type Express } from 'express';

/** An event as the repository gets it: parsed, and nothing more in it. */
export type NewEvent = {
  /** 1 to 50 characters, no spaces at its ends. */
  title: string;
  /** RFC 3339 text such as `2026-05-01T18:30:00+02:00`. */
  start: string;
  /** Later than `start`. */
  end: string;
  /** A whole number from 0 to 100000. */
  capacity: number;
  contact: { email: string };
  /** `[]` when the client sent none. */
  tags: string[];
  /** http or https. */
  website?: string;
  /** A secret. No client ever gets to see it again. */
  accessCode?: string;
};

export type StoredEvent = NewEvent & { id: string };

/** What GET /events asks the repository for. */
export type EventFilter = {
  from?: string;
  to?: string;
  /** 1 to 100. */
  limit: number;
  tag?: string;
};

/** Where events are kept. You do not write it: it is given to you. */
export type EventRepo = {
  /** Stores an event and gives it back with its id. */
  add(event: NewEvent): Promise<StoredEvent>;
  /** The events that fit, in their order. */
  list(filter: EventFilter): Promise<StoredEvent[]>;
};

/** What the app is given from outside. */
export type Dependencies = { repo: EventRepo };

/** One thing that is wrong with a request. */
export type Fault = {
  /** Where, as a JSON Pointer: `/contact/email`. */
  pointer: string;
  code: 'required' | 'type' | 'unknown' | 'length' | 'format' | 'range' | 'duplicate' | 'order';
};

/** Builds the app and does not start it: whoever calls this decides where it listens. */
export function createApp({ repo }: Dependencies): Express {
  const app = express();

  // An example. It shows how the repository is asked; keep it or remove it.
  app.get('/', async (request, response) => {
    const [next] = await repo.list({ limit: 1 });
    response.json({ message: 'It works. Your turn.', next: next?.title });
  });

  // TODO R1: POST /events hands a valid event to repo.add, once: 201 and the stored event.
  // TODO R2: 400, 415 and 422, each as application/problem+json.
  // TODO R3: all faults in one answer, each with pointer and code.
  // TODO R4: "5" is not 5, and null is not nothing.
  // TODO R5: members that nobody knows are refused.
  // TODO R6: texts are trimmed, then counted in characters.
  // TODO R7: numbers are whole and in range.
  // TODO R8: dates are in the calendar, and end comes after start.
  // TODO R9: a website begins with http: or https:.
  // TODO R10: GET /events parses its query, and refuses what does not fit.
  // TODO R11: accessCode is in no answer.
  // The core ends here. R12 to R19 are extra: see README.md.
  return app;
}
