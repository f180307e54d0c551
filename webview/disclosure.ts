import { h } from './dom';

/** What the user opened stays open while the page is drawn again with each check. */
const opened = new Set<string>();

/** A summary that opens to more. */
export function disclosure(id: string, summary: string, ...content: HTMLElement[]): HTMLElement {
  const element = h(
    'details',
    { class: 'notes', 'data-testid': id, open: opened.has(id) },
    h('summary', { 'data-testid': `${id}-summary` }, summary),
    ...content,
  ) as HTMLDetailsElement;
  element.addEventListener('toggle', () => (element.open ? opened.add(id) : opened.delete(id)));
  return element;
}

/** A long text that is folded to its first lines until asked for. */
export function folded(id: string, code: HTMLElement): HTMLElement {
  const toggle = h('button', { class: 'fold', 'data-testid': id });
  const draw = () => {
    code.classList.toggle('folded', !opened.has(id));
    toggle.textContent = opened.has(id) ? 'Show less' : 'Show all';
    toggle.setAttribute('aria-expanded', String(opened.has(id)));
  };
  toggle.addEventListener('click', () => {
    if (!opened.delete(id)) opened.add(id);
    draw();
  });
  draw();
  return h('span', { class: 'long' }, code, toggle);
}
