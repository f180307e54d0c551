/** Why chasquid did not start or stay up, in words for people. */
export interface ServiceFailure {
  /** Kebab-case and stable. */
  code: string;
  /** What is wrong. */
  cause: string;
  /** What to do. */
  cure: string;
  /** The line it was told from. */
  line: string;
}

interface Known {
  code: string;
  pattern: RegExp;
  cause: (match: RegExpExecArray) => string;
  cure: (match: RegExpExecArray) => string;
}

/** What the daemon itself says when it gives up (chasquid.go, server.go; 1.11 … 1.18), most telling first. */
const known: Known[] = [
  {
    code: 'config-syntax',
    pattern: /Error loading config: (?:parsing config: )?(?:proto:\s)?(.+)/,
    cause: m => `The file chasquid.conf has an error: ${m[1]}.`,
    cure: () => 'Open chasquid.conf: the editor marks the place. Correct it, save, restart.',
  },
  {
    code: 'domains-empty',
    pattern: /No entries found in "?domains\/?"?/,
    cause: () => 'There is no domain: the folder domains/ is empty, and chasquid does not run without one.',
    cure: () => 'Add a domain.',
  },
  {
    code: 'certificates-empty',
    pattern: /No entries found in "?certs\/?"?|At least one valid certificate is needed|No SSL\/TLS certificates found/,
    cause: () => 'There is no usable TLS certificate below certs/, and chasquid does not run without one.',
    cure: () =>
      'Run Set Up Server, which gets a certificate. Each needs a folder of its own with fullchain.pem and privkey.pem; a folder that is a symbolic link does not count before 1.12.',
  },
  {
    code: 'folder-missing',
    pattern: /Error reading "?(certs|domains)\/?"? directory: open [^:]*: no such file/,
    cause: m => `The folder ${m[1]}/ is missing.`,
    cure: () => 'Run Set Up Server, which creates it.',
  },
  {
    code: 'certificate-mismatch',
    pattern: /private key does not match public key/,
    cause: () => 'A certificate and its key below certs/ do not match.',
    cure: () => 'Install the certificate again, both files from the same renewal.',
  },
  {
    code: 'certificate-pem',
    pattern:
      /failed to find (?:any PEM data|certificate PEM data|PEM block|"CERTIFICATE" PEM block)|failed to parse (?:private|certificate)/i,
    cause: () => 'A file below certs/ is empty or is not a certificate or key in PEM format.',
    cure: () => 'Install the certificate again.',
  },
  {
    code: 'dkim-unreadable',
    pattern: /DKIM loading error: open (\S+?): permission denied/,
    cause: m => `The daemon may not read the DKIM key ${m[1]}.`,
    cure: () => 'Run Set Up Server, which gives the key to chasquid’s user.',
  },
  {
    code: 'dkim-key',
    pattern: /(?<!\S)(\S+): DKIM loading error: (.+)/,
    cause: m => `A DKIM key of ${m[1]} cannot be used: ${m[2]}.`,
    cure: () =>
      'Keys are PKCS#8 PEM files (“BEGIN PRIVATE KEY”), RSA or Ed25519. Convert it with “openssl pkcs8 -topk8 -nocrypt”, or make a new one.',
  },
  {
    code: 'users-file',
    pattern: /(?<!\S)(\S+): users file error: (.+)|Error reloading authenticators: "?(\S+?)"?: (.+)/,
    cause: m => `The users file of ${m[1] ?? m[3]} cannot be used: ${m[2] ?? m[4]}.`,
    cure: () => 'Open the users file, correct that line or restore the file from a backup, then restart.',
  },
  {
    code: 'aliases-file',
    pattern: /(?:(?<!\S)(\S+): aliases file error|Error reloading aliases): (.+)/,
    cause: m =>
      `The aliases file${m[1] ? ` of ${m[1]}` : ''} has an error: ${m[2]}. From 1.16 on chasquid stops for that.`,
    cure: () => 'Open the aliases file: the editor marks the line. Correct it, save, restart.',
  },
  {
    code: 'domain-name',
    pattern: /Invalid name "([^"]*)": (.+)/,
    cause: m => `The folder domains/${m[1]} is not named like a domain: ${m[2]}.`,
    cure: () => 'Rename or remove that folder.',
  },
  {
    code: 'address-in-use',
    pattern: /listen tcp\S*\s+(\S+): bind: address already in use/,
    cause: m => `Another program already listens on ${m[1]}.`,
    cure: () =>
      'With Debian’s socket units, leave the addresses in chasquid.conf at “systemd”. Otherwise stop the other mail server (exim4, postfix).',
  },
  {
    code: 'address-denied',
    pattern: /listen tcp\S*\s+(\S+): bind: permission denied/,
    cause: m => `The daemon may not listen on ${m[1]}: ports below 1024 need a privilege that its unit does not give.`,
    cure: () => 'Set the addresses in chasquid.conf to “systemd” and enable the chasquid sockets.',
  },
  {
    code: 'address-syntax',
    pattern:
      /Error listening: listen tcp\S*?:?\s*(?:address (\S+): )?(missing port in address|invalid port|too many colons.*)/,
    cause: m => `The listening address ${m[1] ?? ''} in chasquid.conf cannot be used: ${m[2]}.`.replace('  ', ' '),
    cure: () => 'Write it as host:port, such as “:465”, or “systemd”.',
  },
  {
    code: 'no-address',
    pattern: /No address to listen on|Invalid empty listening address/,
    cause: () => 'The daemon has no address to listen on: its socket units are not running or not named as it expects.',
    cure: () =>
      'Start the sockets (chasquid-smtp, chasquid-submission, chasquid-submission_tls), or name the ports in chasquid.conf when the unit is upstream’s.',
  },
  {
    code: 'mail-log',
    pattern: /Error opening mail log: (.+)/,
    cause: m => `The mail log cannot be opened: ${m[1]}.`,
    cure: () => 'Check mail_log_path in chasquid.conf: “<syslog>” is the usual value.',
  },
  {
    code: 'data-directory',
    pattern: /Error (?:opening domain info database|initializing queue|opening queue)[^:]{0,200}: (.+)/,
    cause: m => `The data folder cannot be used: ${m[1]}.`,
    cure: () => 'Give /var/lib/chasquid (data_dir) to chasquid’s user: chown -R chasquid: /var/lib/chasquid',
  },
  {
    code: 'monitoring',
    pattern: /Monitoring server failed: (.+)/,
    cause: m => `The monitoring address cannot be used: ${m[1]}.`,
    cure: () => 'Change or remove monitoring_address in chasquid.conf.',
  },
  {
    code: 'disk-full',
    pattern: /no space left on device/i,
    cause: () => 'The server’s disk is full.',
    cure: () => 'Free some space (journalctl --vacuum-size=100M, apt-get clean), then restart.',
  },
  {
    code: 'file-denied',
    pattern: /open (\S+?): permission denied/,
    cause: m => `The daemon may not read ${m[1]}.`,
    cure: () => 'Run Set Up Server, which corrects the permissions.',
  },
];

/** What systemd says when the daemon said nothing. */
const bySystemd: Known[] = [
  {
    code: 'user-missing',
    pattern: /Failed to determine (?:user|group) credentials/i,
    cause: () => 'The user that chasquid’s unit names does not exist.',
    cure: () => 'Install the package chasquid again, or create that user.',
  },
  {
    code: 'program-missing',
    pattern: /Failed (?:to locate executable|at step EXEC)/i,
    cause: () => 'The program that chasquid’s unit names is not there.',
    cure: () => 'Install chasquid again, or correct ExecStart in its unit.',
  },
  {
    code: 'start-limit',
    pattern: /Start request repeated too quickly|start-limit-hit/,
    cause: () => 'The daemon ended at once, again and again, so systemd gave up starting it.',
    cure: () => 'Check the last log lines above it, fix what they name, then restart.',
  },
  {
    code: 'out-of-memory',
    pattern: /oom-kill|out of memory/i,
    cause: () => 'The server ran out of memory and ended chasquid.',
    cure: () => 'Add memory or swap, or stop what else uses it, then restart.',
  },
];

/**
 * Explains a failure from the service's last log lines.
 * @param lines oldest first. The newest line that is known wins; the daemon's own words win over systemd's.
 */
export function explainFailure(lines: readonly string[]): ServiceFailure | undefined {
  return explain(lines, known) ?? explain(lines, bySystemd) ?? explain(lines, [fatal]);
}

/** Any other line with which the daemon ended itself. */
const fatal: Known = {
  code: 'daemon-ended',
  pattern: /^☠\s+\S+\s+(?!\s|Got signal to exit)(.+)/,
  cause: m => `The daemon ended itself: ${m[1]}.`,
  cure: () => 'Check the log lines around it.',
};

function explain(lines: readonly string[], table: Known[]): ServiceFailure | undefined {
  for (const line of [...lines].reverse()) {
    for (const { code, pattern, cause, cure } of table) {
      const match = pattern.exec(line);
      if (match) return { code, cause: cause(match), cure: cure(match), line };
    }
  }
  return undefined;
}
