import { explainAddress } from '../../../../src/chasquid/aliases/explain';
import { AliasFile } from '../../../../src/chasquid/aliases/file';
import { formatting } from '../../../../src/chasquid/aliases/format';
import { LiveAliases } from '../../../../src/chasquid/aliases/live';
import { resolveAddress } from '../../../../src/chasquid/aliases/resolve';
import { completeAlias, hoverAlias } from '../../../../src/chasquid/assist/aliases';
import { completeConfig, hoverConfig } from '../../../../src/chasquid/assist/config';
import { checkingConfig } from '../../../../src/chasquid/config/check';
import { formatConfig } from '../../../../src/chasquid/config/format';
import { parsingConfig } from '../../../../src/chasquid/config/parse';
import { shownMessage } from '../../../../src/chasquid/diagnostics';
import { decodeText } from '../../../../src/chasquid/text';
import { checkingUsers } from '../../../../src/chasquid/users/check';
import { parsingUsers } from '../../../../src/chasquid/users/parse';
import { newest } from '../../../../src/chasquid/versions';
import { runSliced } from '../../../../src/input/slices';
import type { Ask, Asked } from './index';

export type FileAct = 'aliases' | 'conf' | 'users';

const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve));
/** VS Code lists no more findings of a file. */
const mostShown = 1000;

/** What the editor asks of the language core for one file, in the pieces in which it asks. */
export const fileActs: Record<FileAct, Ask> = {
  aliases: async (asked, show) => {
    const text = read(asked);
    await turn();
    const context = { domain: 'd', version: newest, suffixSeparators: '+', dropCharacters: '.' };
    const live = new LiveAliases(context);
    await runSliced(live.load(text.split(/\r\n|\n|\r/)));
    const entries = await runSliced(live.collect());
    const world = {
      ...context,
      domains: new Set(['d']),
      aliases: entries,
      userExists: () => false,
      usersKnown: () => true,
    };
    await runSliced(live.judge(world));
    const found = [...live.findings()].slice(0, mostShown);
    found.forEach(({ diagnostic }) => show(shownMessage(diagnostic.message)));
    for (const line of [0, Math.floor(live.lineCount / 2), live.lineCount - 1]) {
      await turn();
      const [lineText, parsed] = [live.lineText(line), live.line(line)];
      completeAlias(lineText, lineText.length, context, { users: [], aliases: [], domains: ['d'] });
      await turn();
      hoverAlias(lineText, parsed, 0, world, context);
      await turn();
      if (parsed.kind === 'entry') resolveAddress(world, parsed.key);
      if (parsed.kind === 'entry') explainAddress(world, parsed.key);
    }
    await turn();
    const file = new AliasFile(text, context);
    await runSliced(file.putTogether());
    await runSliced(formatting(file));
    return `${live.lineCount} lines, ${found.length} findings`;
  },
  conf: async (asked, show) => {
    const text = read(asked);
    await turn();
    const found = await runSliced(checkingConfig(text, newest));
    found.slice(0, mostShown).forEach(({ message }) => show(shownMessage(message)));
    for (const offset of [0, Math.floor(text.length / 2), text.length]) {
      await turn();
      completeConfig(text, offset, newest);
      await turn();
      hoverConfig(text, offset, newest);
    }
    await turn();
    const edits = formatConfig(await runSliced(parsingConfig(text, newest)), text);
    return `${found.length} findings, ${edits.length} edits`;
  },
  users: async (asked, show) => {
    const text = read(asked);
    await turn();
    const found = await runSliced(checkingUsers(text, newest));
    found.slice(0, mostShown).forEach(({ message }) => show(shownMessage(message)));
    const { users } = await runSliced(parsingUsers(text, newest));
    return `${users.length} users, ${found.length} findings`;
  },
};

function read({ text }: Asked): string {
  return decodeText(Buffer.from(text!, 'base64'));
}
