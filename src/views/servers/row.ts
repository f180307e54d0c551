/** A row of the tree. `server`, `domain` and `address` are the inputs that commands take from it. */
export interface Row {
  id: string;
  server: string;
  domain?: string;
  address?: string;
  label: string;
  description?: string;
  /** Codicon, and the theme colour it is tinted with; the description says the same in words. */
  icon: string;
  color?: string;
  /** Words that `when` clauses look for in `viewItem`. */
  context: string;
  tooltip: string;
  command?: { id: string; title: string };
  children: Row[];
  expanded?: boolean;
}

/** Theme colours. */
export const good = 'testing.iconPassed';
export const bad = 'testing.iconFailed';
export const attention = 'list.warningForeground';

export function isRow(value: object): value is Row {
  return (
    'children' in value && Array.isArray(value.children) && 'context' in value && typeof value.context === 'string'
  );
}
