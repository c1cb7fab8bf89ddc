import type { Chance } from './chance.ts';

/** For tests: a program in TypeScript that does nothing of use. Two of them are as different as two people's. */
export function madeProgram(chance: Chance, functions = 8): string {
  const lines = ["import { createServer } from 'node:http';", ''];
  for (let index = 0; index < functions; index++) {
    lines.push(`export function work${index}(input: string, limit: number) {`);
    lines.push(...block(chance, 2, 3 + chance.below(4)).map((line) => `  ${line}`), '}', '');
  }
  return lines.join('\n');
}

/** The same program, as somebody hands it in who does not want it to be seen: other names, other layout, other order. */
export function disguised(program: string, chance: Chance): string {
  const [head = '', ...parts] = program.split(/(?=^export function )/m);
  for (let index = parts.length - 1; index > 0; index--) {
    const other = chance.below(index + 1);
    [parts[index], parts[other]] = [parts[other] ?? '', parts[index] ?? ''];
  }
  return [head, ...parts]
    .join('')
    .replace(/\b(input|limit|item|total|found|list|entry|left|key)\b/g, (name) => `my_${name}${name.length}`)
    .replace(/\bwork(\d)/g, 'step$1')
    .replace(/ {2}/g, '    ')
    .replace(/ \{\n/g, '\n{ // as we heard it in the lecture\n');
}

function block(chance: Chance, depth: number, length: number): string[] {
  return Array.from({ length }, () => statement(chance, depth)).flat();
}

function statement(chance: Chance, depth: number): string[] {
  const inner = (): string[] =>
    depth === 0
      ? ['list.push(item);']
      : block(chance, depth - 1, 1 + chance.below(3)).map((line) => `  ${line}`);
  const name = chance.pick(['item', 'total', 'found', 'list', 'entry', 'left', 'key']);
  switch (chance.below(depth === 0 ? 8 : 14)) {
    case 0:
      return [`const ${name} = ${value(chance)};`];
    case 1:
      return [`let ${name} = ${value(chance)} + ${value(chance)};`];
    case 2:
      return [`${name}.push(${value(chance)}, ${value(chance)});`];
    case 3:
      return [`if (${value(chance)} > limit) return ${value(chance)};`];
    case 4:
      return [`${name} = ${value(chance)} ?? ${value(chance)};`];
    case 5:
      return [`console.log(\`\${${value(chance)}} of \${limit}\`);`];
    case 6:
      return [`${name}.set(${value(chance)}, { key: ${value(chance)}, left: [${value(chance)}] });`];
    case 7:
      return [`if (!(${name} in input)) throw new TypeError(${value(chance)});`];
    case 8:
      return [`for (const ${name} of input.split(${value(chance)})) {`, ...inner(), '}'];
    case 9:
      return [`while (${name} < ${value(chance)}) {`, ...inner(), `  ${name} += 1;`, '}'];
    case 10:
      return ['try {', ...inner(), '} catch (error) {', ...inner(), '}'];
    case 11:
      return [`if (${value(chance)} === ${value(chance)}) {`, ...inner(), '} else {', ...inner(), '}'];
    case 12:
      return [
        `const ${name} = input.split('').map((entry) => {`,
        ...inner(),
        `  return ${value(chance)};`,
        '});',
      ];
    default:
      return [`switch (${name}) {`, `  case ${value(chance)}:`, ...inner(), '    break;', '}'];
  }
}

function value(chance: Chance): string {
  return chance.pick([
    'input.length',
    'limit - 1',
    "'none'",
    'Number(input)',
    'new Map([[input, limit]])',
    'total * 2',
    'input.slice(1, limit)',
    'list.filter((entry) => entry > 0)',
    '[...list, item]',
    '42',
    'key?.left',
    'typeof item',
    'await0(found)',
    'limit > 3 ? left : key',
  ]);
}
