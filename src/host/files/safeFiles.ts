import { find, quoteOf, type AnswerLine } from '../protocol/answer';
import { HostError } from '../protocol/shell';

/** @throws HostError `no-folder`, `file-busy`, `unsafe-link`, `folder-changed`, when the script has answered so. `what` begins the sentence. */
export function throwRefused(lines: AnswerLine[], what: string): void {
  const missing = find(lines, 'missing');
  if (missing)
    throw new HostError(
      'no-folder',
      `${what} cannot be written: ${quoteOf(missing)} is not there. Create the folder first, or run Set Up Server.`,
    );
  if (find(lines, 'locked'))
    throw new HostError(
      'file-busy',
      `${what} was not changed: another window is changing chasquid's files. It did not finish in time. Wait for it, then try again.`,
    );
  const link = find(lines, 'link');
  if (link)
    throw new HostError(
      'unsafe-link',
      `${what} was not changed, because ${quoteOf(link)} is a symbolic link that leads elsewhere, in a folder where others than root may write. ` +
        'Root would change whatever file they choose. Replace the link by a file, or give its folder to root (chown root, chmod go-w).',
    );
  const swapped = find(lines, 'swapped');
  if (swapped)
    throw new HostError(
      'folder-changed',
      `${what} was not changed, because ${quoteOf(swapped)} was changed by somebody else at the same moment. ` +
        'Nothing was written, as it could have ended up elsewhere. Check who can write to that folder, then try again.',
    );
}
