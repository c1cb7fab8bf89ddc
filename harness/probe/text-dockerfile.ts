import { Copy, DockerfileParser, ModifiableInstruction, PropertyInstruction, Run } from 'dockerfile-ast';
import type { Instruction } from 'dockerfile-ast';
import { validate, ValidationCode } from 'dockerfile-utils';
import type { DockerInstruction, TextAnswer } from './text-messages.ts';

const ERROR = 1;

/** New flags come with every release of Docker; a checker that is older than they are has no say. */
const NOT_OURS: readonly number[] = [
  ValidationCode.UNKNOWN_ADD_FLAG,
  ValidationCode.UNKNOWN_COPY_FLAG,
  ValidationCode.UNKNOWN_FROM_FLAG,
  ValidationCode.UNKNOWN_HEALTHCHECK_FLAG,
  ValidationCode.INVALID_REFERENCE_FORMAT,
];

/** The instructions of a Dockerfile, or the first thing that no Docker would build. */
export function readDockerfile(text: string): TextAnswer {
  const problem = validate(text)
    .filter(({ severity, code }) => severity === ERROR && !NOT_OURS.includes(Number(code)))
    .sort((a, b) => a.range.start.line - b.range.start.line)[0];
  if (problem !== undefined)
    return { ok: false, why: said(problem.message), line: problem.range.start.line + 1 };
  const parsed = DockerfileParser.parse(text);
  const escape = parsed.getEscapeCharacter();
  const value = parsed.getInstructions().map((each) => instruction(each, text, escape));
  return { ok: true, value, lines: {} };
}

function instruction(given: Instruction, file: string, escape: string): DockerInstruction {
  const flags =
    given instanceof ModifiableInstruction
      ? given.getFlags().map((flag) => ({ name: flag.getName(), value: flag.getValue() }))
      : [];
  const documents = hereDocuments(given, file);
  const text =
    documents.length === 0
      ? joined(given.getRawArgumentsContent() ?? '', escape)
      : (commandBefore(given, file, escape) ?? documents.join('\n'));
  const exec = execForm(text);
  const words = documents.length === 0 ? given.getArguments().map((word) => word.getValue()) : [];
  return {
    keyword: given.getKeyword(),
    line: given.getRange().start.line + 1,
    flags,
    words: exec ?? words,
    exec,
    pairs:
      given instanceof PropertyInstruction
        ? given.getProperties().map((pair) => ({ name: pair.getName(), value: pair.getValue() }))
        : [],
    text,
    documents,
  };
}

/** An exec form is JSON to the letter; anything else with brackets is run by a shell. */
function execForm(text: string): string[] | null {
  if (!text.startsWith('[')) return null;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((each) => typeof each === 'string') ? value : null;
  } catch {
    return null;
  }
}

/** One line of several, as the builder joins them: comments within them and the signs of continuation fall away. */
function joined(raw: string, escape: string): string {
  return raw
    .split(/\r?\n/)
    .filter((line, index) => index === 0 || !/^\s*#/.test(line))
    .map((line) => {
      const end = line.trimEnd();
      return end.endsWith(escape) ? `${end.slice(0, -1)} ` : line;
    })
    .join('')
    .trim();
}

function said(message: string | { value: string }): string {
  return typeof message === 'string' ? message : message.value;
}

function hereDocuments(given: Instruction, file: string): string[] {
  const documents = given instanceof Run || given instanceof Copy ? given.getHeredocs() : [];
  const lines = file.split(/\r?\n/);
  return documents.map((each) => {
    const range = each.getContentRange();
    return range === null
      ? ''
      : lines
          .slice(range.start.line, range.end.line + 1)
          .join('\n')
          .trim();
  });
}

/** What a RUN does with its here-documents, such as `cat > .npmrc && npm ci`; null: a shell runs them. */
function commandBefore(given: Instruction, file: string, escape: string): string | null {
  if (!(given instanceof Run)) return null;
  const first = given.getHeredocs()[0]?.getNameRange()?.end.line;
  if (first === undefined) return null;
  const begin = given.getRange().start.line;
  const head = joined(
    file
      .split(/\r?\n/)
      .slice(begin, first + 1)
      .join('\n'),
    escape,
  );
  const command = head
    .replace(/^\S+\s+(?:--[a-z]+(?:=\S+)?\s+)*/i, '')
    .replaceAll(/<<-?\s*(["']?)\w+\1/g, '')
    .trim();
  return command === '' || /^(?:\S*\/)?(?:sh|bash|ash)(?:\s+-\S+)*$/.test(command) ? null : command;
}
