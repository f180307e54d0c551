/** A tag-list of RFC 6376 §3.2, the syntax that DKIM keys, DMARC, MTA-STS and TLS-RPT records share. */
export interface TagList {
  /** In the order of the text, names as written, values without surrounding white space. */
  tags: { name: string; value: string }[];
  /** Names that occur more than once. */
  duplicates: string[];
  /** Pieces between semicolons that are no `name=value`. */
  malformed: string[];
}

/** Reads a tag-list. Never throws: what cannot be read is listed as malformed. */
export function parseTagList(text: string): TagList {
  const list: TagList = { tags: [], duplicates: [], malformed: [] };
  for (const piece of text.split(';')) {
    if (piece.trim() === '') continue;
    const match = /^\s*([A-Za-z][A-Za-z0-9_-]*)\s*=([^]*)$/.exec(piece);
    if (!match) {
      list.malformed.push(piece.trim());
      continue;
    }
    const name = match[1]!;
    if (list.tags.some(tag => tag.name === name) && !list.duplicates.includes(name)) list.duplicates.push(name);
    list.tags.push({ name, value: match[2]!.trim() });
  }
  return list;
}

/** The value of a tag, or undefined. Names are compared exactly, as RFC 6376 §3.2 asks. */
export function tagValue(list: TagList, name: string): string | undefined {
  return list.tags.find(tag => tag.name === name)?.value;
}
