import { neutralise } from '../../verdict/neutralise.ts';

/** What an annotation of GitHub Actions may be. */
export type Level = 'error' | 'warning' | 'notice';

/** Where it points. `line` and `col` count from 1. */
export type Place = { file?: string; line?: number; col?: number };

/**
 * One workflow command of GitHub Actions that annotates a place, without the line feed. Text of strangers can neither end
 * it nor begin another one: what means something to the runner is written as the runner itself decodes it.
 */
export function annotation(level: Level, title: string, message: string, place: Place = {}): string {
  const properties = Object.entries({ ...place, title: oneLine(title, 200) })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${escapedProperty(String(value))}`)
    .join(',');
  return `::${level} ${properties}::${escaped(neutralise(message, { maxChars: 4_000 }))}`;
}

function oneLine(text: string, maxChars: number): string {
  return neutralise(text, { maxChars, maxLines: 1 });
}

function escaped(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapedProperty(text: string): string {
  return escaped(neutralise(text)).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
