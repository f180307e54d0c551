import { explainFailure } from '../host/services/serviceFailure';
import type { Problem } from '../text/problem';
import { lastWords } from '../text/visible';

interface Known extends Problem {
  /** Looked for in what the commands said. The most telling come first: several may match. */
  pattern: RegExp;
}

/** What the programs that the steps call say when they fail (apt 2.2–3.0, acme.sh 3, certbot 1.21–4). For chasquid and systemd see `explainFailure`. */
const known: Known[] = [
  {
    code: 'disk-full',
    pattern: /no space left on device|you don't have enough free space|not enough free disk space|disk quota exceeded/i,
    what: 'The disk of the server is full.',
    fix: 'Free some space there (apt-get clean; journalctl --vacuum-size=100M), then try again.',
  },
  {
    code: 'read-only',
    pattern: /read-only file system/i,
    what: 'The server’s disk can only be read. The kernel does that after disk errors, or the provider’s rescue system is running.',
    fix: 'Restart the server from the provider’s page and check its disk, then try again.',
  },
  {
    code: 'apt-lock',
    pattern: /could not get lock|unable to acquire the dpkg|unable to lock (the )?(directory|administration)/i,
    what: 'Another package manager has been at work on the server for more than ten minutes.',
    fix: 'Wait until it has finished (ps -e | grep -E "apt|dpkg"), then try again.',
  },
  {
    code: 'packages-conflict',
    pattern: /packages need to be removed but remove is disabled/i,
    what: 'Installing would remove other packages, most likely another mail server. That is never done without you.',
    fix: 'Check what conflicts (apt-get install chasquid), remove it yourself if nothing needs it, then try again.',
  },
  {
    code: 'package-missing',
    pattern: /unable to locate package|has no installation candidate/i,
    what: 'The distribution’s package lists do not offer a package that is needed.',
    fix: 'Check that the main (Debian) or universe (Ubuntu) section is in the apt sources, then try again.',
  },
  {
    code: 'dpkg-broken',
    pattern: /dpkg was interrupted|sub-process \/usr\/bin\/dpkg returned an error|unmet dependencies/i,
    what: 'A package could not be installed or configured.',
    fix: 'Run dpkg --configure -a and apt-get -f install on the server and read what they say, then try again.',
  },
  {
    code: 'acme-rate-limit',
    pattern: /ratelimited|rate ?limit|too many (certificates|failed authorizations|registrations|new orders)/i,
    what: 'The certificate authority has had too many requests for this name lately.',
    fix: 'Wait as long as it says (often an hour, at most a week), or use letsencrypt_test for testing.',
  },
  {
    code: 'acme-caa',
    pattern: /caa (record|error)|urn:ietf:params:acme:error:caa/i,
    what: 'A CAA record of the domain forbids this certificate authority.',
    fix: 'Add the authority to the CAA record (letsencrypt.org), or choose the one that it names.',
  },
  {
    code: 'acme-email',
    pattern: /invalidcontact|error:invalidemail|contact email|unable to (validate|parse) (contact )?email/i,
    what: 'The certificate authority does not accept the e-mail address for the account.',
    fix: 'Give another address for the authority, one that can receive mail.',
  },
  {
    code: 'acme-proof-dns',
    pattern:
      /(incorrect|no) txt record|txt record .{0,200}not found|nxdomain looking up txt|dns problem: .{0,200}_acme-challenge/i,
    what: 'The certificate authority did not find the validation record in the DNS.',
    fix: 'The zone may be served elsewhere, or its servers are slow: check the provider, raise the seconds to wait, then try again.',
  },
  {
    code: 'name-unknown',
    pattern: /nxdomain|no valid (a|ip) (records|addresses)|dns problem: (nxdomain|no valid)/i,
    what: 'The server’s name is not in the DNS yet.',
    fix: 'Publish its A (and AAAA) record as the DNS panel shows, wait some minutes, then try again.',
  },
  {
    code: 'acme-proof-http',
    pattern:
      /error getting validation data|fetching http:\/\/|challenge did not pass.{0,200}http|invalid response from http/i,
    what: 'The certificate authority could not reach port 80 of the server under its name.',
    fix: 'Check that the name points to this server and that no firewall closes port 80, or choose the challenge dns-01.',
  },
  {
    code: 'dns-update-refused',
    pattern:
      /update failed: (refused|notauth|notzone)|tsig error|bad ?key|badsig|received response code (refused|notauth|badkey|badsig)|unable to determine base domain/i,
    what: 'The name server refused to add the validation record. The key, its name or its algorithm is not what it expects, or the zone is another.',
    fix: 'Check the name, algorithm and secret of the key and the name of the zone, then try again.',
  },
  {
    code: 'dns-key-refused',
    pattern:
      /invalid (api )?(key|token|credentials)|unauthori[sz]ed|authentication (error|failed)|access ?denied|error adding (the )?txt record|error adding record|you (didn't|don't) (specify|seem)|9109|6003/i,
    what: 'The DNS provider did not accept the keys, or they may not change this zone.',
    fix: 'Check the names and values of the keys, and that they may edit the zone, then try again.',
  },
  {
    code: 'acme-tls',
    pattern: /certificate verify failed|unable to get local issuer|ssl certificate problem/i,
    what: 'The server does not trust the certificate of the site that it asked.',
    fix: 'Check the server’s clock and its package ca-certificates; for an authority of your own, add its root to /usr/local/share/ca-certificates.',
  },
  {
    code: 'no-network',
    pattern:
      /temporary failure (in name resolution|resolving)|could not resolve|network is unreachable|connection timed out|failed to fetch|could not connect|no route to host|name or service not known/i,
    what: 'The server could not reach a site that it needs.',
    fix: 'Check its network and name servers (resolvectl status; ping deb.debian.org), then try again.',
  },
];

/** What programs say of everything they cannot do: it counts only where nothing else explains the failure. */
const general: Known[] = [
  {
    code: 'port-taken',
    pattern: /address already in use/i,
    what: 'Another program uses a port that is needed.',
    fix: 'Find it (ss -ltnp), stop it if nothing needs it, then try again.',
  },
  {
    code: 'permission-denied',
    pattern: /permission denied|operation not permitted/i,
    what: 'The server forbade a change, although it was asked as root.',
    fix: 'Check whether the file is marked immutable (lsattr), or the machine is a restricted container; then try again.',
  },
];

/** What a failure is and what to do, from what the commands said. There is always one; the unknown is shown with their last words. */
export function failureOf(output: string): Problem {
  const found =
    known.find(entry => entry.pattern.test(output)) ??
    explainFailure(output.split('\n')) ??
    general.find(entry => entry.pattern.test(output));
  if (found) return { code: found.code, what: found.what, fix: found.fix };
  const last = lastWords(output);
  return {
    code: 'not-known',
    what: last
      ? `A command on the server failed. Its last output was: “${last}”.`
      : 'A command on the server failed without output.',
    fix: 'Read its output above; when that does not help, open a terminal on the server and run it by hand.',
  };
}
