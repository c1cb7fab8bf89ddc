/** What the report can do beyond being read: sort, filter, open. Nothing is lost without it. */

const table = element('table', HTMLTableElement);
const filters = element('filters', HTMLFormElement);
const text = element('f-text', HTMLInputElement);
const exercise = element('f-exercise', HTMLSelectElement);
const status = element('f-status', HTMLSelectElement);
const count = element('f-count', HTMLOutputElement);

type Row = { row: HTMLTableRowElement; words: string; block: HTMLElement | null };

const rows: Row[] = [...(table.tBodies[0]?.rows ?? [])].map((row) => {
  const name = row.cells[0]?.textContent ?? '';
  const words = [...row.querySelectorAll('th, .w')].map((cell) => cell.textContent).join(' ');
  return {
    row,
    words: `${words} ${row.dataset['e'] ?? ''}`.toLowerCase(),
    block: document.getElementById(`s-${name}`)?.closest<HTMLElement>('details') ?? null,
  };
});
/** The columns of the exercises, in the order of the choice. */
const columns = [...(table.tHead?.rows[0]?.cells ?? [])].flatMap((cell, index) =>
  cell.matches('.x') ? [index] : [],
);

/** By which column the class is sorted; null: as in the roster. */
let order: { column: number; down: boolean } | null = null;

function filter(): void {
  const wanted = text.value.trim().toLowerCase().split(/\s+/);
  const where = exercise.selectedIndex > 0 ? [columns[exercise.selectedIndex - 1] ?? 0] : columns;
  let shown = 0;
  for (const { row, words, block } of rows) {
    const fits =
      wanted.every((word) => words.includes(word)) && (status.value === '' || is(row, where, status.value));
    row.hidden = !fits;
    if (block !== null) block.hidden = !fits;
    if (fits) shown++;
  }
  count.value = shown === rows.length ? `${shown} students` : `${shown} of ${rows.length} students`;
}

function is(row: HTMLTableRowElement, where: readonly number[], wanted: string): boolean {
  if (wanted === 'similar' || wanted === 'problem')
    return (row.dataset['m'] ?? '').split(' ').includes(wanted);
  return where.some((index) => {
    const cell = row.cells[index];
    if (cell === undefined) return false;
    if (wanted === 'late') return cell.querySelector('i') !== null;
    return cell.className === wanted || (wanted === 'passed' && cell.className === 'mastered');
  });
}

const byText = new Intl.Collator('en', { numeric: true }).compare;

/** Numbers by size, the highest first at the first press; texts by the alphabet. Equal ones stay as they were. */
function sort(sorted: HTMLTableElement, column: number, down: boolean): void {
  const body = sorted.tBodies[0];
  if (body === undefined) return;
  const keys = [...body.rows].map((row) => {
    const cell = row.cells[column];
    return { row, number: Number(cell?.dataset['v'] ?? NaN), text: cell?.textContent ?? '' };
  });
  const isNumeric = keys.every((key) => !Number.isNaN(key.number));
  keys.sort((a, b) => (isNumeric ? a.number - b.number : byText(a.text, b.text)) * (down ? -1 : 1));
  body.append(...keys.map(({ row }) => row));
  for (const [index, cell] of [...(sorted.tHead?.rows[0]?.cells ?? [])].entries()) {
    if (index === column) cell.setAttribute('aria-sort', down ? 'descending' : 'ascending');
    else cell.removeAttribute('aria-sort');
  }
}

/** Headings become buttons: a keyboard reaches them, and a screen reader says what they do. */
function sortable(sorted: HTMLTableElement, done: (column: number, down: boolean) => void): void {
  for (const [column, cell] of [...(sorted.tHead?.rows[0]?.cells ?? [])].entries()) {
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...cell.childNodes);
    cell.append(button);
    button.addEventListener('click', () => {
      const now = cell.getAttribute('aria-sort');
      const isNumber = sorted.tBodies[0]?.rows[0]?.cells[column]?.dataset['v'] !== undefined;
      const first = isNumber && !(sorted !== table && column === 0);
      const down = now === null ? first : now === 'ascending';
      sort(sorted, column, down);
      done(column, down);
    });
  }
}

/** What is chosen stands in the address: it can be kept, sent, and gone back to. */
function remember(): void {
  const state = new URLSearchParams();
  if (text.value !== '') state.set('text', text.value);
  if (exercise.value !== '') state.set('exercise', exercise.value);
  if (status.value !== '') state.set('result', status.value);
  if (order !== null) state.set('sort', `${order.column}${order.down ? 'd' : 'a'}`);
  const hash = state.toString();
  // A page of a file may not always write its address; then the choice holds as long as the page is open.
  try {
    history.replaceState(null, '', hash === '' ? location.pathname + location.search : `#?${hash}`);
  } catch {
    // Nothing is lost but the address.
  }
}

/** Takes up what the address says: a choice, or a place in the page. */
function follow(): void {
  const hash = location.hash.slice(1);
  if (!hash.startsWith('?')) {
    if (hash !== '') reveal(hash);
    return;
  }
  const state = new URLSearchParams(hash.slice(1));
  text.value = state.get('text') ?? '';
  exercise.value = state.get('exercise') ?? '';
  status.value = state.get('result') ?? '';
  const sorted = /^(\d+)([ad])$/.exec(state.get('sort') ?? '');
  if (sorted !== null) {
    order = { column: Number(sorted[1]), down: sorted[2] === 'd' };
    sort(table, order.column, order.down);
  }
  filter();
}

/** Opens what is folded around a place, and goes there. */
function reveal(id: string): void {
  const found = document.getElementById(decoded(id));
  if (found === null) return;
  for (
    let fold = found.closest('details');
    fold !== null;
    fold = fold.parentElement?.closest('details') ?? null
  ) {
    fold.hidden = false;
    fold.open = true;
  }
  const head = found.closest('details')?.querySelector('summary') ?? null;
  (id.startsWith('s-') && head !== null ? head : found).scrollIntoView();
  if (id.startsWith('s-')) head?.focus({ preventScroll: true });
}

function decoded(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}

function element<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`no ${id}`);
  return found;
}

for (const each of [text, exercise, status]) {
  each.addEventListener('input', () => {
    filter();
    remember();
  });
}
filters.addEventListener('submit', (event) => event.preventDefault());
filters.addEventListener('reset', () => {
  setTimeout(() => {
    filter();
    remember();
  });
});
sortable(table, (column, down) => {
  order = { column, down };
  remember();
});
for (const other of document.querySelectorAll<HTMLTableElement>('table[data-sort]'))
  sortable(other, () => {});
for (const [id, open] of [
  ['open', true],
  ['close', false],
] as const) {
  document.getElementById(id)?.addEventListener('click', () => {
    for (const { block } of rows) if (block instanceof HTMLDetailsElement && !block.hidden) block.open = open;
  });
}
for (const hidden of document.querySelectorAll<HTMLElement>('#filters, .buttons')) hidden.hidden = false;
filter();
follow();
addEventListener('hashchange', follow);
