/** An aliases file of that many lines as a large site may have it: people elsewhere, lists, chains, suffixes, commands. */
export function manyAliases(lines: number): string {
  const text: string[] = [];
  for (let index = 0; index < lines; index++) {
    const next = `person${index + 1 < lines ? index + 1 : 0}`;
    const kind = index % 10;
    if (kind === 0) text.push(`person${index}: someone${index}@remote${index % 50}.example`);
    else if (kind === 1) text.push(`person${index}: | /usr/local/bin/handler --box ${index}`);
    else if (kind === 2) text.push(`person${index}: a${index}@x.example, b${index}@y.example, c${index}@z.example`);
    else if (kind < 6) text.push(`person${index}: ${next}`);
    else text.push(`person${index}: mail+${index}@remote${index % 50}.example, box${index}@other.example`);
  }
  return `${text.join('\n')}\n`;
}
