import type { BackedUp, FormerBackups, LeftOut, LeftOutReason } from '../../host/backup/configBackup';
import { code, escape, table } from '../../text/markdown';

const reasons: Record<LeftOutReason, string> = {
  key: 'It holds a private key.',
  'key-name': 'Its name is that of a private key.',
  binary: 'It is not a text file, so it could hold a private key unseen.',
  large: 'It is larger than 16 MB.',
  special: 'It is a device, a socket or a pipe.',
  name: 'Its name or the target of the link holds control characters or a private key.',
  other: 'It is not part of chasquid’s configuration (chasquid.conf, certs, domains, hooks).',
  'access-lists': 'Access lists (ACL): the package “acl”, which reads them, is not installed on the server.',
};

/** Why something is not in a backup. */
export const leftOutReason = ({ reason }: LeftOut): string => reasons[reason] ?? '';

/** What the user may not expect to be missing: not the keys that every server has. */
export const unexpected = (leftOut: readonly LeftOut[]): LeftOut[] =>
  leftOut.filter(({ reason }) => reason !== 'key-name' && reason !== 'other');

/** What a backup holds and what it does not. */
export function backupPage(server: string, { commit, changed, leftOut, pushed }: BackedUp): string[] {
  const held = pushed?.held ?? [];
  return [
    `# Backup of ${escape(server)}`,
    `${changed ? 'Made now' : 'Nothing had changed since'}: ${code(commit.id.slice(0, 7))}, ${escape(new Date(commit.time * 1000).toLocaleString())}, ${escape(commit.message)}.`,
    ...(held.length === 0
      ? []
      : [
          '## Not pushed',
          'The history of the backups holds files that must not leave the server: each holds a private key, is not a text file, or is not part of chasquid’s configuration. ' +
            '*Start New History* continues after the last commit that the remote repository has. The commits since then stay on the server, where *Restore Configuration* lists them.',
          held.map(path => `- ${code(path)}`).join('\n'),
        ]),
    ...(leftOut.length === 0
      ? []
      : [
          '## Left out',
          table(
            ['Path', 'Why'],
            leftOut.map(each => [code(each.path), escape(leftOutReason(each))]),
          ),
        ]),
    'Of a link, the backup holds where it leads, not what is there. The password hashes of the senders (`domains/*/users`) are part of it.',
  ];
}

/** What to do about a secret that others may have read, by its path; the first that fits. */
const remedies: readonly [RegExp, string][] = [
  [/(^|\/)g?shadow-?$/, 'Change the passwords of all users of the server that have one: `passwd USER`'],
  [
    /(^|\/)ssh_host_[^/]*_key$/,
    'Make new host keys: `rm /etc/ssh/ssh_host_*_key*; ssh-keygen -A; systemctl restart ssh`. Everyone who logs in has to accept the new ones',
  ],
  [/(^|\/)dkim(:|_privkey)[^/]*$/, '*Rotate DKIM Key*'],
  [/(^|\/)(certs|letsencrypt)\//, 'Revoke the certificate and get one with a new key: *Issue Certificate*'],
];

/** Whether nothing was pushed but chasquid's folder, without keys. */
export const isHarmless = ({ content }: FormerBackups): boolean =>
  content !== undefined && content.outside === 0 && content.secrets.length === 0;

/** What earlier versions pushed, and what to do about it. */
export function formerBackupsPage(server: string, former: FormerBackups & { remote: string }): string[] {
  const { folder, remote, content } = former;
  const secrets = content?.secrets ?? [];
  const steps = [
    ...(isHarmless(former)
      ? []
      : [
          'Delete the remote repository at your provider, with all its copies. To delete files in it is not enough: its history keeps them.',
          'Replace the secrets that are listed below, and the passwords of the senders (*Change Password*): their hashes are in it.',
        ]),
    'Make an empty private repository, and give its address to *Back Up Configuration*: backups have a history of their own now.',
    `Run ${code(`git -C ${folder} remote remove chasquid-backup`)} on the server. Until then each backup reminds you.`,
  ];
  return [
    `# Earlier backups of ${escape(server)}`,
    `Earlier versions of this extension made their backups in the git repository of ${code(folder)} and pushed all of it to ${code(remote)}. ` +
      (content
        ? `${content.outside} of the files there are not part of chasquid’s configuration.`
        : `Users other than root can change that repository, so it was not searched. What it holds: ${code(`git -C ${folder} log --name-only`)}`),
    '## What to do',
    steps.map((step, index) => `${index + 1}. ${step}`).join('\n'),
    ...(secrets.length === 0
      ? []
      : [
          '## Secrets in it',
          table(
            ['Path', 'What to do'],
            secrets.map(path => [
              code(path),
              remedies.find(([kind]) => kind.test(path))?.[1] ?? 'Replace it where it is used',
            ]),
          ),
        ]),
    `The old commits stay on the server, in ${code(`${folder}/.git`)}. *Restore Configuration* does not list them.`,
  ];
}
