// canary b74d8af105613c83d3cfa0b8
/**
 * The expressions of GitHub Actions, as far as conditions need them: literals, contexts, operators, and the functions
 * that decide something. Its own rules hold: texts are compared in any case, and `a || b` has the value of one of them.
 */
export type Scope = {
  contexts: Readonly<Record<string, unknown>>;
  /** `success`, `failure`, `always` and `cancelled`. */
  status: Readonly<Record<string, boolean>>;
};

export class ExpressionError extends Error {}

type Value = unknown;
const TOKEN = /\s*(?:(\d+(?:\.\d+)?)|'((?:[^']|'')*)'|(&&|\|\||[!=<>]=|[!<>().,[\]*])|([A-Za-z_][\w-]*))/y;
const STATUS = /\b(success|failure|always|cancelled)\s*\(/i;

/** Whether a condition runs its step or job. One without a function of status means `success() && …`. */
export function holds(condition: unknown, scope: Scope): boolean {
  const ok = scope.status['success'] === true;
  if (condition === undefined || condition === null) return ok;
  const text = textOf(condition);
  const bare = /^\s*\$\{\{(.*)\}\}\s*$/s.exec(text)?.[1] ?? text;
  // Text around `${{ }}` makes a text of it, and a text is true: this is a trap of GitHub's, and it is kept.
  const mixed = bare.includes('${{');
  if (!STATUS.test(text) && !ok) return false;
  return truthy(mixed ? fill(text, scope) : evaluate(bare, scope));
}

/** A text with its `${{ }}` filled in; the value itself where there is nothing else. */
export function fill(text: unknown, scope: Scope): Value {
  if (typeof text !== 'string') return text;
  const whole = /^\s*\$\{\{((?:(?!\}\}).)*)\}\}\s*$/s.exec(text);
  if (whole !== null) return evaluate(whole[1] ?? '', scope);
  return text.replace(/\$\{\{(.*?)\}\}/gs, (_all, inside: string) => textOf(evaluate(inside, scope)));
}

export function evaluate(text: string, scope: Scope): Value {
  return new Reader(tokensOf(text), scope).all();
}

export function truthy(value: Value): boolean {
  return !(value === null || value === undefined || value === false || value === 0 || value === '');
}

type Token = { kind: 'number' | 'text' | 'sign' | 'name'; text: string };

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (text.slice(TOKEN.lastIndex).trim() !== '') {
    const match = TOKEN.exec(text);
    if (match === null) throw new ExpressionError(`it cannot be read: ${text.trim()}`);
    const [, number, quoted, sign, name] = match;
    if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (quoted !== undefined) tokens.push({ kind: 'text', text: quoted.replaceAll("''", "'") });
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign });
    else tokens.push({ kind: 'name', text: name ?? '' });
  }
  return tokens;
}

/** Reads from weak to strong operators. Both sides are evaluated: nothing here has an effect. */
class Reader {
  private readonly tokens: readonly Token[];
  private readonly scope: Scope;
  private at = 0;
  private depth = 0;

  constructor(tokens: readonly Token[], scope: Scope) {
    this.tokens = tokens;
    this.scope = scope;
  }

  all(): Value {
    const value = this.either();
    if (this.at < this.tokens.length) throw new ExpressionError(`${this.peek()} is not expected there`);
    return value;
  }

  private either(): Value {
    if (++this.depth > 50) throw new ExpressionError('it is nested too deeply');
    let value = this.both();
    while (this.take('||')) {
      const right = this.both();
      value = truthy(value) ? value : right;
    }
    this.depth--;
    return value;
  }

  private both(): Value {
    let value = this.equal();
    while (this.take('&&')) {
      const right = this.equal();
      value = truthy(value) ? right : value;
    }
    return value;
  }

  private equal(): Value {
    let value = this.ordered();
    for (;;) {
      if (this.take('==')) value = equal(value, this.ordered());
      else if (this.take('!=')) value = !equal(value, this.ordered());
      else return value;
    }
  }

  private ordered(): Value {
    const value = this.not();
    for (const sign of ['<=', '>=', '<', '>'] as const) {
      if (!this.take(sign)) continue;
      const [a, b] = [numberOf(value), numberOf(this.not())];
      return sign === '<=' ? a <= b : sign === '>=' ? a >= b : sign === '<' ? a < b : a > b;
    }
    return value;
  }

  private not(): Value {
    if (!this.take('!')) return this.path();
    if (++this.depth > 50) throw new ExpressionError('it is nested too deeply');
    const value = !truthy(this.not());
    this.depth--;
    return value;
  }

  private path(): Value {
    let value = this.atom();
    for (;;) {
      if (this.take('.')) value = this.take('*') ? value : field(value, this.next('name').text);
      else if (this.take('[')) {
        const key = this.take('*') ? null : this.either();
        this.must(']');
        value = key === null ? value : field(value, textOf(key));
      } else return value;
    }
  }

  private atom(): Value {
    if (this.take('(')) {
      const value = this.either();
      this.must(')');
      return value;
    }
    const token = this.next();
    if (token.kind === 'number') return Number(token.text);
    if (token.kind === 'text') return token.text;
    if (token.kind === 'sign') throw new ExpressionError(`${token.text} is not expected there`);
    if (this.take('(')) return this.call(token.text.toLowerCase());
    const literals: Record<string, Value> = { true: true, false: false, null: null };
    return Object.hasOwn(literals, token.text)
      ? literals[token.text]
      : field(this.scope.contexts, token.text);
  }

  private call(name: string): Value {
    const args: Value[] = [];
    while (!this.take(')')) {
      args.push(this.either());
      if (!this.take(',') && this.peek() !== ')') throw new ExpressionError('a closing bracket is missing');
    }
    if (Object.hasOwn(this.scope.status, name)) return this.scope.status[name];
    const [first, second] = args;
    const [a, b] = [textOf(first).toLowerCase(), textOf(second).toLowerCase()];
    switch (name) {
      case 'contains':
        if (typeof first !== 'object' || first === null) return a.includes(b);
        return Object.values(first).some((each) => equal(each, second));
      case 'startswith':
        return a.startsWith(b);
      case 'endswith':
        return a.endsWith(b);
      case 'format':
        return textOf(first).replace(/\{(\d+)\}/g, (_all, index: string) => textOf(args[Number(index) + 1]));
      case 'join':
        return Object.values((first ?? []) as object)
          .map(textOf)
          .join(second === undefined ? ',' : textOf(second));
      case 'tojson':
        return JSON.stringify(first);
      case 'fromjson':
        return parsed(textOf(first));
      case 'hashfiles':
        return 'a-hash';
      default:
        throw new ExpressionError(`there is no function ${name}`);
    }
  }

  private peek(): string {
    return this.tokens[this.at]?.text ?? 'the end';
  }

  private take(sign: string): boolean {
    const token = this.tokens[this.at];
    if (token?.kind !== 'sign' || token.text !== sign) return false;
    this.at++;
    return true;
  }

  private must(sign: string): void {
    if (!this.take(sign)) throw new ExpressionError(`${sign} is missing`);
  }

  private next(kind?: Token['kind']): Token {
    const token = this.tokens[this.at++];
    if (token === undefined || (kind !== undefined && token.kind !== kind))
      throw new ExpressionError('it ends too early');
    return token;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ExpressionError('fromJSON needs JSON');
  }
}

/** Names of contexts and fields count in any case. */
function field(value: Value, name: string): Value {
  if (typeof value !== 'object' || value === null) return null;
  const key = Object.keys(value).find((each) => each.toLowerCase() === name.toLowerCase());
  return key === undefined ? null : (value as Record<string, unknown>)[key];
}

function equal(a: Value, b: Value): boolean {
  if (typeof a === 'string' && typeof b === 'string') return a.toLowerCase() === b.toLowerCase();
  if (typeof a === typeof b && a !== null && b !== null) return a === b;
  if ((a ?? null) === (b ?? null)) return true;
  return numberOf(a) === numberOf(b);
}

function numberOf(value: Value): number {
  if (value === null || value === undefined) return 0;
  if (typeof value === 'boolean' || typeof value === 'number') return Number(value);
  if (typeof value !== 'string') return Number.NaN;
  return value.trim() === '' ? 0 : Number(value);
}

/** A text as GitHub makes it; of lists and objects their JSON. */
export function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value as string | number | boolean);
}
