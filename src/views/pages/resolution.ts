import type { Recipient } from '../../chasquid/aliases/model';
import { block, code, escape } from '../../text/markdown';

/** Where mail to an address ends up, as chasquid would answer. */
export interface ResolvedAddress {
  address: string;
  /** Whether chasquid takes mail for it. */
  exists: boolean;
  recipients: Recipient[];
  /** chasquid's own text. */
  error?: string;
  /** A hook on the server may answer otherwise; it is not run here. */
  hooked: boolean;
}

/** What the answer was made from. */
export interface ResolutionSource {
  /** The server's name, or the folder. */
  source: string;
  version: string;
  /** The whole way as indented lines (`explainedText`). */
  tree: string;
  /** Aliases files that chasquid refuses, a sentence each. */
  refused: readonly string[];
}

export function resolutionPage(
  answer: ResolvedAddress,
  { source, version, tree, refused }: ResolutionSource,
): string[] {
  return [
    `# Where mail to ${code(answer.address)} goes`,
    sentence(answer),
    block([tree]),
    ...(answer.hooked
      ? ['There is a hook `alias-resolve` on the server. It may answer otherwise, and was not asked here.']
      : []),
    ...refused.map(
      text =>
        `⚠ ${escape(text)} chasquid uses no alias from that file until the line is corrected. *Edit Aliases* opens it.`,
    ),
    `By the rules of chasquid ${escape(version)}, from the files on ${escape(source)} as they are now.`,
  ];
}

function sentence({ address, exists, recipients, error }: ResolvedAddress): string {
  if (error !== undefined) {
    return `chasquid gives up: *${escape(error)}*. Aliases form a loop, or lead through more than ten steps; mail to this address is refused. Break the loop in the aliases file.`;
  }
  const list = recipients.map(one => `${one.type === 'pipe' ? 'the command ' : ''}${code(one.address)}`).join(', ');
  if (recipients.length === 0) return `${code(address)} leads to nobody: its mail is accepted and lost.`;
  const local = recipients.length === 1 && recipients[0]!.address === address;
  if (!exists && local)
    return `${code(address)} is neither a sender nor an alias here. If its domain is one of this server's, chasquid refuses mail to it; else it hands it on to that domain's own server.`;
  return local ? 'It ends in its own mailbox on this server.' : `It ends at ${list}.`;
}
