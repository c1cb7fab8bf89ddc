// canary c5cc9530bff45cbc90aeea42
import type { Yaml } from '#suite';
import { resolved } from './interpolate.ts';
import { resolvePath } from './paths.ts';
import { wordsOf } from './shell.ts';

type Json = Record<string, unknown>;

/** One service of a Compose file, with the short and the long forms brought to one. */
export class Service {
  readonly name: string;
  readonly value: Json;
  private readonly yaml: Yaml;

  constructor(yaml: Yaml, name: string, value: Json) {
    this.yaml = yaml;
    this.name = name;
    this.value = value;
  }

  /** Such as `src/compose.yaml, line 12`. */
  place(...path: (string | number)[]): string {
    return this.yaml.place('services', this.name, ...path);
  }

  /** Names and values; null: taken from whoever starts Compose. */
  get environment(): Map<string, string | null> {
    return pairsOf(this.value['environment']);
  }

  /** Names of the networks that it is on; `default` when none is named. */
  get networks(): string[] {
    if (this.value['network_mode'] !== undefined) return [];
    const given = this.value['networks'];
    const names = Array.isArray(given) ? given.map(textOf) : Object.keys(mapOf(given));
    return names.length === 0 ? ['default'] : names;
  }

  /** The image that it names, with the defaults of variables; '' when it names none. */
  get image(): string {
    return resolved(textOf(this.value['image']));
  }

  /** Names of what it uses of the parts at the end of the file. */
  uses(kind: 'secrets' | 'configs'): string[] {
    const given = this.value[kind];
    return (Array.isArray(given) ? given : []).map((each: unknown) =>
      typeof each === 'string' ? each : textOf(mapOf(each)['source']),
    );
  }

  /** The services that it waits for, and for what. */
  get waitsFor(): Map<string, string> {
    const given = this.value['depends_on'];
    if (Array.isArray(given)) return new Map(given.map((name) => [textOf(name), 'service_started']));
    return new Map(
      Object.entries(mapOf(given)).map(([name, how]) => [
        name,
        textOf(mapOf(how)['condition'] ?? 'service_started'),
      ]),
    );
  }

  /** What is published to the machine. `host` null: every interface of it. */
  get ports(): { host: string | null; text: string }[] {
    const given = this.value['ports'];
    return (Array.isArray(given) ? given : []).map((port: unknown) => {
      if (typeof port === 'object' && port !== null) {
        const host = mapOf(port)['host_ip'];
        return { host: host === undefined ? null : resolved(textOf(host)), text: JSON.stringify(port) };
      }
      const text = resolved(textOf(port));
      const address = /^(\[[0-9a-f:]+\]|[^:[\]]*[^\d:[\]-][^:[\]]*):/i.exec(
        text.replace(/\$\{([^}]*)\}/g, '0'),
      );
      return { host: address?.[1] === undefined ? null : address[1].replace(/^\[|\]$/g, ''), text };
    });
  }

  /** Where each volume lies in the container, and what it is. */
  get volumes(): { source: string; target: string; type: string; at: number }[] {
    const given = this.value['volumes'];
    return (Array.isArray(given) ? given : []).map((volume: unknown, at) => {
      if (typeof volume === 'object' && volume !== null) {
        const { source, target, type } = mapOf(volume);
        return {
          source: resolved(textOf(source)),
          target: resolved(textOf(target)),
          type: textOf(type ?? 'volume'),
          at,
        };
      }
      const [source = '', target] = resolved(textOf(volume)).split(':');
      if (target === undefined) return { source: '', target: source, type: 'volume', at };
      return { source, target, type: /^[./~$\\]/.test(source) ? 'bind' : 'volume', at };
    });
  }
}

/** Keys whose list is replaced by a service that extends another, where others are joined. */
const REPLACED: readonly string[] = ['command', 'entrypoint', 'test'];
/** Keys that are a map, or a list that says the same. */
const PAIRS: readonly string[] = ['environment', 'args', 'labels'];

/** A service with what it takes over by `extends` from another one of the file. */
function extended(all: Json, name: string, seen: readonly string[] = []): Json {
  const value = mapOf(all[name]);
  const given = value['extends'];
  const from = typeof given === 'string' ? given : textOf(mapOf(given)['service']);
  const file = textOf(mapOf(given)['file'] ?? 'compose.yaml');
  if (from === '' || seen.includes(from) || resolvePath('/', file) !== '/compose.yaml') return value;
  return joined(extended(all, from, [...seen, name]), value);
}

function joined(under: Json, over: Json): Json {
  const both: Json = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const below = under[key];
    if (below === undefined || value === null || REPLACED.includes(key)) both[key] = value;
    else if (PAIRS.includes(key)) both[key] = Object.fromEntries([...pairsOf(below), ...pairsOf(value)]);
    else if (Array.isArray(below) && Array.isArray(value)) both[key] = [...below, ...value];
    else if (['networks', 'depends_on', 'build'].includes(key))
      both[key] = joined(named(below), named(value));
    else if (typeof below === 'object' && typeof value === 'object')
      both[key] = joined(mapOf(below), mapOf(value));
    else both[key] = value;
  }
  return both;
}

/** The long form of what may be a list of names, or the folder of a build. */
function named(given: unknown): Json {
  if (typeof given === 'string') return { context: given };
  return Array.isArray(given) ? Object.fromEntries(given.map((name) => [textOf(name), {}])) : mapOf(given);
}

/** A Compose file as the rules look at it. */
export class Compose {
  readonly yaml: Yaml;

  constructor(yaml: Yaml) {
    this.yaml = yaml;
  }

  service(name: string): Service | null {
    const all = mapOf(this.yaml.at('services'));
    return typeof all[name] === 'object' && all[name] !== null
      ? new Service(this.yaml, name, extended(all, name))
      : null;
  }

  get services(): Service[] {
    return Object.keys(mapOf(this.yaml.at('services'))).flatMap((name) => this.service(name) ?? []);
  }

  /** Whether a network of this name has no way out of the machine. */
  isInternal(name: string): boolean {
    return textOf(mapOf(this.yaml.at('networks', name))['internal']) === 'true';
  }

  isDeclared(kind: 'networks' | 'volumes' | 'secrets' | 'configs', name: string): boolean {
    return Object.hasOwn(mapOf(this.yaml.at(kind)), name);
  }
}

/** Every text in a value, with the path to it. Keys that begin with `x-` are looked at too: what they hold is used elsewhere. */
export function textsIn(
  value: unknown,
  path: (string | number)[] = [],
): { text: string; path: (string | number)[] }[] {
  if (typeof value === 'string') return [{ text: value, path }];
  if (Array.isArray(value)) return value.flatMap((each, index) => textsIn(each, [...path, index]));
  return Object.entries(mapOf(value)).flatMap(([key, each]) => textsIn(each, [...path, key]));
}

/** A map of names to values, from a map or from a list of `NAME=value`. */
export function pairsOf(given: unknown): Map<string, string | null> {
  if (Array.isArray(given)) {
    return new Map(
      given.map((each) => {
        const text = textOf(each);
        const at = text.indexOf('=');
        return at < 0 ? [text, null] : [text.slice(0, at), text.slice(at + 1)];
      }),
    );
  }
  return new Map(
    Object.entries(mapOf(given)).map(([name, value]) => [name, value === null ? null : textOf(value)]),
  );
}

export function mapOf(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

/** A text as it is, a number as it is written, nothing as no text. */
export function textOf(value: unknown): string {
  return typeof value === 'string'
    ? value
    : value === undefined || value === null
      ? ''
      : JSON.stringify(value);
}

/** A command, an entry point or a test as words; null: there is none. */
export function wordsIn(given: unknown): string[] | null {
  if (Array.isArray(given)) return given.map(textOf);
  return typeof given === 'string' ? wordsOf(given) : null;
}
