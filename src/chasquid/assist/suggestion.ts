import type { Span } from '../aliases/model';

/** One completion. */
export interface Suggestion {
  label: string;
  kind: 'field' | 'value' | 'user' | 'alias' | 'domain' | 'template';
  /** What to insert, in the snippet syntax of editors. */
  insert: string;
  /** What is replaced; offsets as in the request. */
  range: Span;
  detail?: string;
  /** Markdown. */
  doc?: string;
}

/** Text with nothing in it that a snippet would interpret. */
export function literal(text: string): string {
  return text.replace(/[\\$}]/g, '\\$&');
}
