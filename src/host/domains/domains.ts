import { lastWords } from '../../text/visible';
import { answerLines, find, need, quoteOf, textOf } from '../protocol/answer';
import { throwRefused } from '../files/safeFiles';
import { HostError, type Shell } from '../protocol/shell';
import { shellScript } from '../../ssh/shellScript';

const remove = shellScript(import.meta.url, './removeDomain.sh');

const restore = shellScript(import.meta.url, './restoreDomain.sh');

/**
 * Takes a domain from chasquid, with its senders, aliases and DKIM keys: its folder is moved to a backup, not deleted.
 * chasquid knows of it once it was restarted.
 * @returns where the folder lies now, for `restoreDomain`.
 * @throws HostError `no-domain`, `last-domain` (chasquid does not start without one: chasquid.go, main),
 * `file-busy`, `unsafe-link`, `folder-changed`, `write-failed`
 */
export async function removeDomain(shell: Shell, domain: string): Promise<string> {
  return move(shell, remove, { domain });
}

/**
 * Puts a removed domain back. @param backup as `removeDomain` gave it.
 * @throws HostError `no-domain` when the backup is gone, `domain-exists`, `file-busy`, `unsafe-link`,
 * `folder-changed`, `write-failed`
 */
export async function restoreDomain(shell: Shell, domain: string, backup: string): Promise<void> {
  await move(shell, restore, { domain, backup });
}

async function move(shell: Shell, text: string, inputs: { domain: string; backup?: string }): Promise<string> {
  const { domain } = inputs;
  if (domain === '' || domain.includes('/') || domain.startsWith('.')) {
    throw new RangeError(
      `“${domain}” is not the name of a domain's folder. A domain has letters, digits, hyphens and dots. Choose one that the server lists.`,
    );
  }
  const answer = await shell.run(text, { inputs, timeoutMs: 60_000 });
  const lines = answerLines(answer);
  const said = lastWords(answer.output);
  throwRefused(lines, `The folder of ${domain}`);
  const absent = find(lines, 'absent');
  if (absent)
    throw new HostError(
      'no-domain',
      `${quoteOf(absent)} is not there, so there is nothing to move. The domain may have been removed or restored already. Refresh the server and check.`,
    );
  if (find(lines, 'last'))
    throw new HostError(
      'last-domain',
      `${domain} is the only domain of this server. chasquid does not start without one, so it was left as it is. Add another domain first, or stop the service.`,
    );
  const exists = find(lines, 'exists');
  if (exists)
    throw new HostError(
      'domain-exists',
      `${quoteOf(exists)} is there already, so the backup was not put over it. Someone has added the domain again. Remove that one first, or copy single files from ${inputs.backup ?? 'the backup'}.`,
    );
  if (find(lines, 'failed'))
    throw new HostError(
      'write-failed',
      `The folder of ${domain} could not be moved. The server reported: “${said}”. Nothing was changed; fix that, then try again.`,
    );
  return textOf(need(lines, 'moved', answer, domain));
}
