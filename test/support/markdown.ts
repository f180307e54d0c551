import assert from 'node:assert/strict';
import MarkdownIt from 'markdown-it';
import { marked } from 'marked';

/** As the preview of VS Code renders it, and as its tooltips and hovers do (`markdown-it` and `marked`), HTML and bare links included. */
function rendered(markdown: string): string[] {
  return [
    new MarkdownIt({ html: true, linkify: true }).render(markdown),
    marked.parse(markdown, { async: false, gfm: true }),
  ];
}

/** No text in it has become a link, an image or other HTML that does something. */
export function assertInert(markdown: string): void {
  for (const html of rendered(markdown))
    assert.doesNotMatch(html, /<(?:a|img|script|iframe|svg|style|input|form)\b/i, markdown);
}

/** The text that a reader sees. */
export function textOf(markdown: string): string {
  return rendered(markdown)[0]!
    .replace(/<[^>]*>/g, '')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&')
    .trim();
}
