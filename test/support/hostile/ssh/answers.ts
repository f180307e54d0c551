import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';

/** What a script asks, as its text tells. */
export type Question =
  | 'facts'
  | 'status'
  | 'tree'
  | 'queue'
  | 'trace'
  | 'file'
  | 'users'
  | 'write'
  | 'takeUp'
  | 'domain'
  | 'logs'
  | 'checks'
  | 'job'
  | 'other';

export interface Line {
  kind: string;
  name?: unknown;
  data?: unknown;
}

export interface Answer {
  /** Of file descriptor 3: objects become JSON. */
  lines: (Line | object | string)[];
  /** For people. */
  output: string | Buffer;
  code: number;
  /** It does not end. */
  goesOn?: boolean;
}

/** A word that only this script holds. */
const words: [Question, RegExp][] = [
  ['logs', /--after-cursor/],
  ['job', /chasquid-setup logs=/],
  ['checks', /"step":/],
  ['status', /NRestarts/],
  ['trace', /emit trace/],
  ['queue', /emit item/],
  ['facts', /emit complaints|field complaints/],
  ['tree', /emit files/],
  ['write', /expectedHash=/],
  ['users', /emit users/],
  ['takeUp', /kill -s HUP/],
  ['domain', /remove-domain/],
  ['file', /largest=/],
];

export function questionOf(script: string): Question {
  return words.find(([, word]) => word.test(script))?.[0] ?? 'other';
}

export async function honestAnswer(question: Question): Promise<Answer> {
  const lines = answers[question](await soundArchive);
  const goesOn = question === 'logs';
  return { lines: goesOn ? [] : lines, output: goesOn ? lines.join('\n') + '\n' : '', code: 0, goesOn };
}

export const encoded = (text: string | Uint8Array): string => Buffer.from(text as Uint8Array).toString('base64');
export const line = (kind: string, text: string | Uint8Array, name = ''): Line => ({
  kind,
  name: encoded(name),
  data: encoded(text),
});

export const journalLine = (message: unknown, at = 1, more: object = {}): string =>
  JSON.stringify({
    __CURSOR: `s=0;i=${at}`,
    __REALTIME_TIMESTAMP: String(1_790_000_000_000_000 + at),
    PRIORITY: '6',
    _TRANSPORT: 'syslog',
    MESSAGE: message,
    ...more,
  });

export const files = {
  'chasquid.conf': 'hostname: "mail.example.com"\n',
  'domains/example.com/aliases': 'postmaster: i@example.com\n',
  'domains/example.com/users': 'users: { key: "i" value: { denied: {} } }\n',
};

/** A tar of such files, gzipped. */
export function archive(content: Record<string, string | Buffer>): Promise<Buffer> {
  const tar = pack();
  for (const [name, text] of Object.entries(content)) tar.entry({ name }, text);
  tar.finalize();
  return buffer(tar).then(octets => gzipSync(octets));
}

const soundArchive = archive(files);

const domains = line('domains', 'domains/example.com\0');

const answers: Record<Question, (sound: Buffer) => Answer['lines']> = {
  facts: sound => [
    line('os', 'ID=debian\nVERSION_ID="13"\nPRETTY_NAME="Debian GNU/Linux 13 (trixie)"\n'),
    line(
      'system',
      'user=root\nuid=0\ngroups=root\nsudo=\nhostname=mail.example.com\nmemory=2048\ndisk=9000000\naddress=192.0.2.1/24\n',
    ),
    line('config', '/etc/chasquid'),
    line(
      'unit',
      'version=chasquid 1.15.0\ndaemon=chasquid\nLoadState=loaded\nActiveState=active\nStateChangeTimestamp=@1790000000\n',
    ),
    domains,
    line('certs', 'certs/mail.example.com\0'),
    line('linked', ''),
    line('files', sound),
    line('complaints', ''),
    line('unreadable', ''),
    line('queue', '2'),
  ],
  status: () => [
    line(
      'unit',
      'LoadState=loaded\nActiveState=active\nSubState=running\nNRestarts=0\nMainPID=4245\nStateChangeTimestamp=@1790000000\n',
    ),
    line('listen', ''),
    line('journal', `${journalLine('Server starting up')}\n`),
  ],
  tree: sound => [line('config', '/etc/chasquid'), domains, line('files', sound)],
  queue: () => [
    line(
      'item',
      'ID: "abcdefghijk"\nfrom: "i@example.com"\nTo: "you@example.net"\n',
      '/var/lib/chasquid/queue/m:abcdefghijk',
    ),
    line('count', '1'),
  ],
  trace: () => [line('trace', `${journalLine('abcdefghijk from=i@example.com to=you@example.net sent')}\n`)],
  file: () => [line('file', files['chasquid.conf'])],
  users: () => [
    line('config', '/etc/chasquid'),
    line('daemon', 'chasquid'),
    line('version', 'chasquid 1.15.0'),
    line('path', 'domains/example.com/users'),
    line('users', files['domains/example.com/users'].replace('"i"', '"you"')),
  ],
  takeUp: () => [{ did: 'reload' }],
  domain: () => [line('moved', '/var/backups/chasquid-setup/1')],
  write: () => [line('repaired', 'no'), line('readable', 'yes'), line('done', '')],
  logs: () => ['start s=0;i=0', journalLine('Server starting up')],
  checks: () =>
    ['preflight', 'packages', 'permissions'].map(step => ({
      step,
      state: 'needed',
      detail: 'as found',
      facts: {},
      diff: [],
      problems: [],
    })),
  job: () => [
    { log: '/var/log/chasquid-setup/packages.log' },
    { failure: { code: 'x', what: 'It failed.', why: 'It had to.', fix: 'Try again.' } },
  ],
  other: () => [],
};
