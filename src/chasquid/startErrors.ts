/** A line with which a program says why it ends. */
export interface LastWord {
  /** Kebab-case and stable. */
  code: string;
  /** Matches the line. */
  pattern: RegExp;
  /** What happened and why. `found`: the line's part that matched and its groups, as they may be quoted. */
  what: (found: readonly (string | undefined)[]) => string;
  /** What to do next, whether chasquid is being set up or restarted. */
  fix: string;
}

/**
 * What chasquid itself says when it ends at its start, or later while it reads a file again. Beside each stands the place
 * in chasquid's source that says it (1.11 … 1.18, with the version where it came later). The most telling first: several
 * may match a line.
 */
export const startErrors: readonly LastWord[] = [
  {
    // chasquid.go: main
    code: 'chasquid-config',
    pattern: /Error loading config: (?:parsing config: )?(?:proto:\s)?(.+)/i,
    what: ([, error]) => `The file chasquid.conf has an error: ${error}.`,
    fix: 'Open chasquid.conf: the editor marks the place. Correct it, save, then try again.',
  },
  {
    // chasquid.go: mustReadDir
    code: 'chasquid-no-domain',
    pattern: /No entries found in "?domains\/?"?/,
    what: () => 'chasquid has no domain to serve: the folder domains/ is empty.',
    fix: 'Add a domain, or run the step Domain of Set Up Server, then try again.',
  },
  {
    // chasquid.go: mustReadDir; internal/smtpsrv/server.go: ListenAndServe
    code: 'chasquid-no-certificate',
    pattern: /No entries found in "?certs\/?"?|At least one valid certificate is needed|No SSL\/TLS certificates found/,
    what: () => 'chasquid has no usable TLS certificate below certs/, and does not run without one.',
    fix: 'Run the step TLS certificate of Set Up Server, which gets one. Each needs a folder of its own with fullchain.pem and privkey.pem; a folder that is a symbolic link does not count before 1.12.',
  },
  {
    // chasquid.go: mustReadDir
    code: 'chasquid-folder-missing',
    pattern: /Error reading "?(certs|domains)\/?"? directory: open [^:]*: no such file/,
    what: ([, folder]) => `The folder ${folder}/ is missing.`,
    fix: 'Run Set Up Server, which creates it.',
  },
  {
    // chasquid.go: loadCert, in the words of Go's crypto/tls
    code: 'chasquid-key-pair',
    pattern: /private key does not match public key/,
    what: () => 'A certificate and its key below certs/ do not match.',
    fix: 'Put both files from the same issue there, or move their folder out of certs/, then try again.',
  },
  {
    // chasquid.go: loadCert, in the words of Go's crypto/tls and crypto/x509
    code: 'chasquid-certificate',
    pattern:
      /failed to find (?:any PEM data|certificate PEM data|PEM block|"CERTIFICATE" PEM block)|failed to parse (?:private|certificate)/i,
    what: () => 'A file below certs/ is empty or is not a certificate or key in PEM format.',
    fix: 'Install the certificate again, or move its folder out of certs/, then try again.',
  },
  {
    // chasquid.go: loadDomain (from 1.14)
    code: 'chasquid-dkim-unreadable',
    pattern: /DKIM loading error: open (\S+?): permission denied/,
    what: ([, file]) => `chasquid’s own user cannot read the DKIM key ${file}.`,
    fix: 'Run the step Permissions of Set Up Server, then try again.',
  },
  {
    // chasquid.go: loadDomain (from 1.14, from 1.15 with the domain)
    code: 'chasquid-dkim',
    pattern: /(?:(?<!\S)(\S+): )?DKIM loading error: (.+)/,
    what: ([, domain, error]) => `A DKIM key${domain ? ` of ${domain}` : ''} cannot be used: ${error}.`,
    fix: 'Run the step DKIM key of Set Up Server, which makes one, or convert it to PKCS#8 (“BEGIN PRIVATE KEY”, RSA or Ed25519) with “openssl pkcs8 -topk8 -nocrypt”; then try again.',
  },
  {
    // chasquid.go: loadDomain (from 1.15); internal/smtpsrv/server.go: Reload with
    // internal/auth/auth.go: Reload (from 1.12)
    code: 'chasquid-users',
    pattern: /(?<!\S)(\S+): users file error: (.+)|Error reloading authenticators: "?([^\s"]+)"?: (.+)/,
    what: ([, domain, error, reloaded, reason]) =>
      `The users file of ${domain ?? reloaded} cannot be used: ${error ?? reason}.`,
    fix: 'Open the users file and correct that line, or restore the file from its backup, then try again.',
  },
  {
    // chasquid.go: loadDomain (from 1.15); internal/smtpsrv/server.go: Reload (from 1.12)
    code: 'chasquid-aliases',
    pattern: /(?:(?<!\S)(\S+): aliases file error|Error reloading aliases): (.+)/,
    what: ([, domain, error]) =>
      `The aliases file${domain ? ` of ${domain}` : ''} has an error: ${error}. From 1.16 on chasquid stops for that.`,
    fix: 'Open the aliases file: the editor marks the line. Correct it, save, then try again.',
  },
  {
    // chasquid.go: main
    code: 'chasquid-domain-name',
    pattern: /Invalid name "([^"]*)": (.+)/,
    what: ([, folder, error]) => `The folder domains/${folder} is not named like a domain: ${error}.`,
    fix: 'Rename or remove that folder, then try again.',
  },
  {
    // internal/smtpsrv/server.go: ListenAndServe, in the words of Go's net
    code: 'port-taken',
    pattern: /listen tcp\S*\s+(\S+): bind: address already in use/,
    what: ([, address]) => `Another program already listens on ${address}.`,
    fix: 'With Debian’s socket units, leave the addresses in chasquid.conf at “systemd”. Otherwise find the program (ss -ltnp), stop it if nothing needs it, then try again.',
  },
  {
    // internal/smtpsrv/server.go: ListenAndServe, in the words of Go's net
    code: 'chasquid-address-denied',
    pattern: /listen tcp\S*\s+(\S+): bind: permission denied/,
    what: ([, address]) =>
      `chasquid may not listen on ${address}: ports below 1024 need a privilege that its unit does not give.`,
    fix: 'Set the addresses in chasquid.conf to “systemd” and enable the chasquid sockets, then try again.',
  },
  {
    // internal/smtpsrv/server.go: ListenAndServe, in the words of Go's net
    code: 'chasquid-address',
    pattern:
      /Error listening: listen tcp\S*?:?\s*(?:address (\S+): )?(missing port in address|invalid port|too many colons.*)/,
    what: ([, address, error]) =>
      `The listening address${address ? ` ${address}` : ''} in chasquid.conf cannot be used: ${error}.`,
    fix: 'Write it as host:port, such as “:465”, or “systemd”, then try again.',
  },
  {
    // chasquid.go: loadAddresses (from 1.13)
    code: 'chasquid-address-empty',
    pattern: /Invalid empty listening address|If you want to disable \S+, remove it from the config/,
    what: () => 'A listening address in chasquid.conf is empty.',
    fix: 'Write it as host:port, such as “:465”, or “systemd”, or remove the line, then try again.',
  },
  {
    // chasquid.go: main
    code: 'chasquid-no-address',
    pattern: /No address to listen on/,
    what: () => 'chasquid has no address to listen on: its socket units are not running, or not named as it expects.',
    fix: 'Start the sockets (chasquid-smtp, chasquid-submission, chasquid-submission_tls) with the addresses in chasquid.conf at “systemd”; with upstream’s unit, name the ports there.',
  },
  {
    // chasquid.go: initMailLog, signalHandler
    code: 'chasquid-mail-log',
    pattern: /Error (?:re)?opening mail ?log: (.+)/,
    what: ([, error]) => `The mail log cannot be opened: ${error}.`,
    fix: 'Check mail_log_path in chasquid.conf: “<syslog>” is the usual value.',
  },
  {
    // internal/smtpsrv/server.go: InitDomainInfo (1.11), InitQueue; chasquid.go: main (from 1.12)
    code: 'chasquid-data-directory',
    pattern:
      /(?:Error (?:(?:opening|reloading) domain info|initializing queue|loading queue)|Failed to initialize STS cache)[^:]{0,200}: (.+)/,
    what: ([, error]) => `The data folder cannot be used: ${error}.`,
    fix: 'Give /var/lib/chasquid (data_dir) to chasquid’s user: chown -R chasquid: /var/lib/chasquid. Then try again.',
  },
  {
    // monitoring.go: launchMonitoringServer
    code: 'chasquid-monitoring',
    pattern: /Monitoring server failed: (.+)/,
    what: ([, error]) => `The monitoring address cannot be used: ${error}.`,
    fix: 'Change or remove monitoring_address in chasquid.conf, then try again.',
  },
  {
    // chasquid.go: main, loadCert, in the words of Go's os
    code: 'chasquid-file-unreadable',
    pattern: /open (\S+?): permission denied/,
    what: ([, file]) => `chasquid’s own user cannot read ${file}.`,
    fix: 'Run the step Permissions of Set Up Server, then try again.',
  },
];
