/** What came last for each element: the same once more changes nothing. */
const last = new Map<string, string>();

/**
 * Puts new content from the server into an element, and keeps what the person did there: what is open stays open, the
 * focus stays where it was, and so does the place to which it was scrolled.
 */
export function swap(id: string, html: string): void {
  const place = document.getElementById(id);
  if (place === null || last.get(id) === html) return;
  last.set(id, html);
  const before = new Map([...place.querySelectorAll('details[id]')].map((each) => [each.id, stateOf(each)]));
  const focused = place.contains(document.activeElement) ? pathTo(document.activeElement, place) : null;
  const { scrollTop } = place;
  place.innerHTML = html;
  for (const each of place.querySelectorAll<HTMLDetailsElement>('details[id]')) {
    const known = before.get(each.id);
    // A rule that ended in another way is shown as the server would have it.
    if (known !== undefined && known.status === (each.dataset['status'] ?? ''))
      each.open = known.open || each.open;
  }
  place.scrollTop = scrollTop;
  if (focused !== null) find(place, focused)?.focus({ preventScroll: true });
}

type State = { open: boolean; status: string };

function stateOf(details: Element): State {
  const { open, dataset } = details as HTMLDetailsElement;
  return { open, status: dataset['status'] ?? '' };
}

/** How to find the focused element again: by its id, or as the n-th of its kind below the nearest element with an id. */
type Path = { id: string; selector: string | null; index: number };

function pathTo(element: Element | null, place: Element): Path | null {
  if (element === null) return null;
  if (element.id !== '') return { id: element.id, selector: null, index: 0 };
  const above = element.parentElement?.closest('[id]');
  if (above === null || above === undefined || !place.contains(above)) return null;
  const selector = element.tagName.toLowerCase();
  return { id: above.id, selector, index: [...above.querySelectorAll(selector)].indexOf(element) };
}

function find(place: Element, { id, selector, index }: Path): HTMLElement | null {
  const above = document.getElementById(id);
  if (above === null || !place.contains(above))
    return STAND_IN[id] === undefined ? null : document.getElementById(STAND_IN[id]);
  return selector === null ? above : (above.querySelectorAll<HTMLElement>(selector)[index] ?? null);
}

/** Of these two buttons, one stands in the place of the other. */
const STAND_IN: Record<string, string> = { check: 'stop', stop: 'check' };
