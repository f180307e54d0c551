type Child = Node | string | undefined | false;
type Attributes = Record<string, string | boolean | undefined | ((event: Event) => void)>;

/**
 * Makes an element. Text becomes text nodes, never markup: what the DNS says can do no harm here. Attributes whose value is a function
 * are event listeners; `true` sets an empty attribute, `false` and `undefined` set none.
 */
export function h(tag: string, attributes: Attributes = {}, ...children: Child[]): HTMLElement {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name, value);
    else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.filter(child => child !== undefined && child !== false));
  return element;
}

/** A codicon, silent for screen readers: the word beside it says the same. */
export function icon(name: string): HTMLElement {
  return h('span', { class: `codicon codicon-${name}`, 'aria-hidden': 'true' });
}

/** A button of the toolkit. `detail` follows the label in the tooltip and for screen readers. */
export function button(
  label: string,
  testId: string,
  press: () => void,
  options: { icon?: string; look?: 'primary' | 'secondary' | 'icon'; detail?: string } = {},
): HTMLElement {
  const { look = 'secondary', detail } = options;
  const title = detail === undefined ? undefined : `${label}: ${detail}`;
  const symbol = options.icon ? icon(options.icon) : undefined;
  // The toolkit lays out what stands in its slot `start` before the label.
  if (look !== 'icon') symbol?.setAttribute('slot', 'start');
  const children = [symbol, look === 'icon' ? undefined : label];
  const attributes = {
    appearance: look,
    'data-testid': testId,
    click: press,
    title: title ?? (look === 'icon' ? label : undefined),
    'aria-label': title ?? (look === 'icon' ? label : undefined),
  };
  return h('vscode-button', attributes, ...children);
}
