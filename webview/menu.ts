import { button, h } from './dom';

/** Bubbles from a menu that was closed. */
export const menuClosed = 'menu-closed';

export interface MenuItem {
  label: string;
  testId: string;
  press: () => void;
}

/**
 * A button that opens a menu below it (the pattern "menu button" of the ARIA practices): arrows, Home and End move, Escape and Tab
 * close, focus returns to the button.
 */
export function menuButton(
  label: string,
  testId: string,
  items: MenuItem[],
  options: { icon?: string; iconOnly?: boolean } = {},
): HTMLElement {
  const close = (refocus: boolean) => {
    menu.hidden = true;
    opener.setAttribute('aria-expanded', 'false');
    document.removeEventListener('pointerdown', outside, true);
    if (refocus) opener.focus();
    root.dispatchEvent(new Event(menuClosed, { bubbles: true }));
  };
  const outside = (event: Event) => {
    if (!root.contains(event.target as Node)) close(false);
  };
  const open = () => {
    menu.hidden = false;
    opener.setAttribute('aria-expanded', 'true');
    // A menu near the window's edge opens towards its middle.
    menu.classList.toggle(
      'to-left',
      root.getBoundingClientRect().left + menu.offsetWidth > document.documentElement.clientWidth,
    );
    document.addEventListener('pointerdown', outside, true);
    entries[0]?.focus();
  };
  const look = options.iconOnly ? 'icon' : 'secondary';
  const opener = button(label, testId, () => (menu.hidden ? open() : close(true)), {
    icon: options.icon ?? 'chevron-down',
    look,
  });
  opener.setAttribute('aria-haspopup', 'menu');
  opener.setAttribute('aria-expanded', 'false');
  const entries = items.map(item => {
    const press = () => {
      close(true);
      item.press();
    };
    return h(
      'button',
      { role: 'menuitem', tabindex: '-1', class: 'menu-item', 'data-testid': item.testId, click: press },
      item.label,
    );
  });
  const keys = (event: Event) => {
    const { key } = event as KeyboardEvent;
    const at = entries.indexOf(document.activeElement as HTMLElement);
    const move: Record<string, number> = {
      ArrowDown: (at + 1) % entries.length,
      ArrowUp: (at + entries.length - 1) % entries.length,
      Home: 0,
      End: entries.length - 1,
    };
    if (key === 'Escape') close(true);
    else if (key === 'Tab') return close(false);
    else if (move[key] !== undefined) entries[move[key]]!.focus();
    else return;
    event.preventDefault();
  };
  const menu = h('div', { role: 'menu', class: 'menu', 'aria-label': label, keydown: keys }, ...entries);
  menu.hidden = true;
  const root = h('span', { class: 'menu-root' }, opener, menu);
  return root;
}
