import { visible } from './visible';

/** Longest text of a notification that VS Code shows (`MAX_MESSAGE_LENGTH` of its notifications model), in characters. */
const messageLimit = 1000;
const detailLimit = 8000;

/**
 * VS Code makes links of `[label](command:…)`, and of the schemes http, https and file, in notifications, progress texts, and
 * prompts and validation messages of quick inputs (`parseLinkedText`); one click then runs any command. A link needs its two
 * brackets side by side, so they are parted: what was meant as a link stays readable and does nothing. `$(name)` would become
 * an icon.
 */
function unlinked(text: string): string {
  return text.replaceAll('](', '] (').replaceAll('$(', '$ (');
}

/** One line for a notification, a progress text, a prompt, a title, a row or the status bar. */
export function inert(text: string, limit = messageLimit): string {
  return unlinked(visible(text.slice(0, limit + 1).replace(/[\r\n\t]+/g, ' '), limit));
}

/** Several lines, for the detail of a modal dialogue. */
export function inertLines(text: string): string {
  return text
    .slice(0, detailLimit)
    .split(/\r?\n/)
    .map(line => inert(line, detailLimit))
    .join('\n');
}

/** A row of a quick pick whose label may begin with an icon of ours. */
export function inertLabel(text: string): string {
  const icon = /^\$\([a-z-]+(?:~spin)?\) /.exec(text)?.[0] ?? '';
  return icon + inert(text.slice(icon.length));
}
