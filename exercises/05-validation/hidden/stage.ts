// canary 0efcfa70d0cc5f406a36151d
import { played, same, show, step, Unmet } from '#suite';
import type { Answer, App, Played, Random, Trial } from '#suite';

/** An event as a client sends it. */
export type Input = {
  title: string;
  start: string;
  end: string;
  capacity: number;
  contact: { email: string };
  tags?: string[];
  website?: string;
  accessCode?: string;
};

/** One fault of the answer: its pointer, and the codes that are right for it (one, but for a few cases). */
export type Fault = readonly [pointer: string, ...codes: string[]];

/** What the repository is asked for. `from` and `to` as RFC 3339 text. */
export type Filter = { from?: string; to?: string; limit: number; tag?: string };

/** The app, and the repository that the suite plays. `known`: how often it was called by requests that were right. */
export type Desk = {
  readonly t: Trial;
  readonly app: App;
  readonly add: Played;
  readonly list: Played;
  known: number;
  /** The ids that the repository gave, in their order. */
  readonly ids: readonly string[];
};

const RFC_3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;
const MEMBERS = ['title', 'start', 'end', 'capacity', 'contact', 'tags', 'website', 'accessCode'];
const PARAMETERS = ['from', 'to', 'limit', 'tag'];

/** An app with a repository that lists `events`. `name`: of its repository, when a rule has several. */
export async function openDesk(t: Trial, events: readonly object[] = [], name = ''): Promise<Desk> {
  const ids = playRepo(t, events, name);
  const repo = { add: played(`add${name}`), list: played(`list${name}`) };
  const app = await t.serve('createApp', [{ repo }]);
  return { t, app, add: t.play(`add${name}`), list: t.play(`list${name}`), known: 0, ids };
}

/**
 * From now on the repository works. It stores nothing: it gives an event back with an id, and lists `events`.
 * Returns the ids that it gives, as they come.
 */
export function playRepo(t: Trial, events: readonly object[] = [], name = ''): readonly string[] {
  const mark = t.random.word(6);
  const ids: string[] = [];
  t.play(`add${name}`).answers(([event]) => {
    const { start, end, ...rest } = event as Record<string, unknown>;
    const id = `${mark}-${ids.length + 1}`;
    ids.push(id);
    return { ...rest, start: asText(start), end: asText(end), id };
  });
  t.play(`list${name}`).answers(() => events);
  return ids;
}

/** A right event without the optional members. */
export function plainEvent(random: Random, changes: Record<string, unknown> = {}): Input {
  const [start, end] = anySpan(random);
  return {
    title: `${random.word(4)} ${random.word(6)}`,
    start,
    end,
    capacity: random.integer(1, 100_000),
    contact: { email: `${random.word(5)}@example.com` }, // plain: what addresses look like is the matter of R14
    ...changes,
  } as Input;
}

/** A right event with all members. */
export function fullEvent(random: Random, changes: Record<string, unknown> = {}): Input {
  return plainEvent(random, {
    tags: anyTags(random, random.integer(1, 10)),
    website: anyWebsite(random),
    accessCode: anySecret(random),
    ...changes,
  });
}

/** Two dates in order, as text; days apart, so that their texts are in order too. */
export function anySpan(random: Random): [string, string] {
  const start = Date.UTC(2020, 0, 1) + random.integer(0, 400_000_000) * 1000;
  return [anyDate(random, start), anyDate(random, start + random.integer(260_000, 900_000) * 1000)];
}

/** This instant (whole seconds) in one of its spellings. */
export function anyDate(random: Random, instant: number): string {
  const minutes = random.pick([0, 0, 60, 120, 330, -210, -480, 765]);
  const local = new Date(instant + minutes * 60_000).toISOString().slice(0, 19);
  const fraction = random.pick(['', '', '.000', '.0']);
  if (minutes === 0) return `${local}${fraction}${random.pick(['Z', '+00:00'])}`;
  const size = Math.abs(minutes);
  const offset = [Math.floor(size / 60), size % 60].map((part) => String(part).padStart(2, '0')).join(':');
  return `${local}${fraction}${minutes < 0 ? '-' : '+'}${offset}`;
}

/** An address in one of its forms. */
export function anyEmail(random: Random): string {
  const local = random.pick([
    random.word(5),
    `${random.word(3)}.${random.word(4)}`,
    `${random.word(3)}+${random.word(3)}`,
    `${random.word(2)}_${random.integer(1, 99)}-${random.word(2)}`,
  ]);
  return `${local}@${random.pick(['', `${random.word(4)}.`, `${random.word(3)}-1.`])}example.com`;
}

/** Right tags, none twice. */
export function anyTags(random: Random, count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    return `${random.pick(['', '2-', 'x-'])}${random.word(random.integer(1, 8))}${index}`;
  });
}

export function anyWebsite(random: Random): string {
  const path = random.pick(['', '/', `/${random.word(5)}`, `/${random.word(3)}?a=${random.word(3)}&b=1`]);
  return `${random.pick(['http', 'https'])}://${random.word(6)}.example.com${random.pick(['', ':8080'])}${path}`;
}

export function anySecret(random: Random): string {
  return random.word(random.integer(12, 20)).toUpperCase();
}

/**
 * Posts a right event. Ends the rule unless it arrives at the repository, once, and comes back with 201. A call that comes
 * later than the answer is seen by `nothingReached`.
 */
export async function mustStore(desk: Desk, json: unknown, parsed: Input = json as Input): Promise<Answer> {
  const before = desk.add.calls.length;
  const answer = await desk.app.post('/events', { json });
  await mustHaveStored(desk, answer, before, parsed);
  return answer;
}

/** The same of a request that was sent. `before`: how often the repository had been called until then. */
export async function mustHaveStored(
  desk: Desk,
  answer: Answer,
  before: number,
  parsed: Input,
): Promise<void> {
  mustBeCreated(answer, parsed);
  if (desk.add.calls.length === before) await desk.t.quiet();
  mustHaveAdded(desk, answer, before, parsed);
  desk.known++;
}

/** The same, and waits for calls that come too late. */
export async function mustStoreOnce(desk: Desk, json: Input): Promise<Answer> {
  const before = desk.add.calls.length;
  const answer = await mustStore(desk, json);
  await desk.t.quiet();
  mustHaveAdded(desk, answer, before, json);
  return answer;
}

function mustHaveAdded(desk: Desk, answer: Answer, before: number, parsed: Input): void {
  const calls = desk.add.calls.slice(before);
  mustHaveCalled(answer, 'add', calls, showInput(parsed), (event) => isEvent(event, parsed));
}

/** 201 and the event of the repository. What reached the repository is not looked at. */
export function mustBeCreated(answer: Answer, parsed: Input): void {
  const { accessCode: _, ...shown } = parsed;
  answer.must(`201 and JSON with an id and ${showInput(shown)}`, () => {
    const { id } = answer.json as { id: unknown };
    return answer.status === 201 && isPlainJson(answer) && isText(id) && tells(answer.json, shown);
  });
}

/** Asks for events. Ends the rule unless the repository is asked once, for this, and the answer is 200. */
export async function mustList(desk: Desk, query: string, filter: Partial<Filter> = {}): Promise<Answer> {
  const before = desk.list.calls.length;
  const answer = await desk.app.get(`/events${query}`);
  answer.must('200 and JSON with items', () => {
    return (
      answer.status === 200 && isPlainJson(answer) && Array.isArray((answer.json as { items: unknown }).items)
    );
  });
  if (desk.list.calls.length === before) await desk.t.quiet();
  const wanted = { limit: 20, ...filter };
  const calls = desk.list.calls.slice(before);
  desk.known += calls.length;
  mustHaveCalled(answer, 'list', calls, show(wanted), (asked) => isFilter(asked, wanted));
  return answer;
}

/** Posts a wrong event. Ends the rule unless the answer has these faults and no others. */
export async function mustFault(desk: Desk, json: unknown, ...faults: readonly Fault[]): Promise<Answer> {
  return mustTell(desk, await desk.app.post('/events', { json }), faults);
}

/** The same for a query. */
export async function mustFaultQuery(
  desk: Desk,
  query: string,
  ...faults: readonly Fault[]
): Promise<Answer> {
  return mustTell(desk, await desk.app.get(`/events${query}`), faults);
}

/** Ends the rule unless the answer is 422 with these faults, and those of `passed` at will, and nothing else happened. */
export function mustTell(
  desk: Desk,
  answer: Answer,
  faults: readonly Fault[],
  passed: readonly Fault[] = [],
): Answer {
  mustName(answer, faults, passed);
  mustLeaveAlone(desk, answer);
  return answer;
}

/** Ends the rule unless the answer is 422 with these faults, and those of `passed` at will. */
export function mustName(answer: Answer, faults: readonly Fault[], passed: readonly Fault[] = []): void {
  const wanted = faults.map(([pointer, ...codes]) => `"${pointer}" ${codes.join(' or ')}`).join(', ');
  answer.must(`422 with errors for ${wanted}`, () => {
    const told = faultsOf(answer);
    const fits = ([pointer, code]: readonly [string, string], [place, ...codes]: Fault): boolean =>
      pointer === place && codes.includes(code);
    return (
      answer.status === 422 &&
      answer.isJson &&
      told.every((each) => [...faults, ...passed].some((fault) => fits(each, fault))) &&
      faults.every((fault) => told.some((each) => fits(each, fault))) &&
      // One fault for a pointer, also where two codes would be right.
      new Set(told.map(([pointer]) => pointer)).size === told.length
    );
  });
}

/** Ends the rule when a request that was refused reached the repository. */
export function mustLeaveAlone(desk: Desk, answer: Answer): void {
  const calls = [...desk.add.calls, ...desk.list.calls];
  if (calls.length === desk.known) return;
  throw new Unmet({
    expected: 'no call of the repository for a request that is refused',
    got: `it was called with ${show(calls.at(-1)?.[0])}`,
    sent: describe(answer),
    exchange: answer.exchange,
  });
}

/** The last step of a rule: calls that come late are seen too. */
export async function nothingReached(desk: Desk): Promise<void> {
  await step(desk.t, 'no more calls of the repository', async () => {
    await desk.t.quiet();
    const calls = [...desk.add.calls, ...desk.list.calls];
    if (calls.length === desk.known) return;
    throw new Unmet({
      expected: 'no call of the repository but one for each request that is right',
      got: `${calls.length - desk.known} more, one with ${show(calls.at(-1)?.[0])}`,
      sent: 'requests of which most were refused',
    });
  });
}

/** A problem document (RFC 9457 §3). Members that are there have the right types. */
export function mustBeProblem(answer: Answer, ...statuses: readonly number[]): Answer {
  return answer.must(
    `${statuses.join(' or ')} and a problem document: application/problem+json with a title`,
    () => {
      const { title, type, detail, instance, status } = answer.json as Record<string, unknown>;
      return (
        statuses.includes(answer.status) &&
        answer.mediaType === 'application/problem+json' &&
        isText(title) &&
        [type, detail, instance].every((text) => text === undefined || typeof text === 'string') &&
        (status === undefined || status === answer.status)
      );
    },
  );
}

/** Whether an answer (or what reached the repository) tells these members; a member that is null is absent. */
export function tells(value: unknown, input: Omit<Input, 'accessCode'>): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { title, start, end, capacity, contact, tags, website } = value as Record<string, unknown>;
  const told = [title, instantOf(start), instantOf(end), capacity, emailOf(contact), tags, website ?? null];
  return same(told, [
    input.title,
    instantOf(input.start),
    instantOf(input.end),
    input.capacity,
    input.contact.email,
    input.tags ?? [],
    input.website ?? null,
  ]);
}

/** What the app should have passed on: these members, and no others. */
export function isEvent(value: unknown, input: Input): boolean {
  if (!tells(value, input)) return false;
  const { accessCode, contact } = value as Record<string, unknown>;
  return (
    (accessCode ?? null) === (input.accessCode ?? null) &&
    Object.keys(value as object).every((name) => MEMBERS.includes(name)) &&
    same(Object.keys(contact as object), ['email'])
  );
}

function isFilter(value: unknown, wanted: Filter): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { from, to, limit, tag } = value as Record<string, unknown>;
  const asked = [instantOf(from), instantOf(to), limit, tag ?? null];
  return (
    same(asked, [instantOf(wanted.from), instantOf(wanted.to), wanted.limit, wanted.tag ?? null]) &&
    Object.keys(value).every((name) => PARAMETERS.includes(name))
  );
}

function mustHaveCalled(
  answer: Answer,
  name: string,
  calls: readonly (readonly unknown[])[],
  wanted: string,
  holds: (argument: unknown) => boolean,
): void {
  if (calls.length === 1 && holds(calls[0]?.[0])) return;
  const got = calls.length === 1 ? `it was called with ${show(calls[0]?.[0])}` : `${calls.length} calls`;
  throw new Unmet({
    expected: `one call of repo.${name} with ${wanted}`,
    got,
    sent: describe(answer),
    exchange: answer.exchange,
  });
}

function isPlainJson(answer: Answer): boolean {
  return answer.mediaType === 'application/json';
}

/** Pointers and codes of an answer. Throws when it has no such list: a claim that throws does not hold. */
function faultsOf(answer: Answer): [pointer: string, code: string][] {
  const { errors } = answer.json as { errors: { pointer: unknown; code: unknown }[] };
  if (!Array.isArray(errors)) throw new Error('no list of errors');
  return errors.map(({ pointer, code }) => {
    if (typeof pointer !== 'string' || typeof code !== 'string') throw new Error('no pointer, or no code');
    return [pointer, code];
  });
}

/** Milliseconds since 1970, null when there is none, the value itself when it is no date. */
function instantOf(value: unknown): unknown {
  if (value instanceof Date) return value.getTime();
  if (typeof value === 'string' && RFC_3339.test(value)) return Date.parse(value);
  return value ?? null;
}

function asText(value: unknown): unknown {
  return value instanceof Date ? value.toISOString() : value;
}

function emailOf(contact: unknown): unknown {
  return (contact as { email?: unknown } | null | undefined)?.email ?? null;
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function showInput(input: Omit<Input, 'accessCode'>): string {
  return show({ ...input, tags: input.tags ?? [] });
}

function describe(answer: Answer): string {
  return answer.unmet('').sent ?? '';
}
