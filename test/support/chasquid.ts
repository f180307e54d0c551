import type { Host } from '../sandbox/host';
import type { Recipe } from '../sandbox/ready';

/** chasquid and what it needs to sign and to be checked, as Debian packages, and nothing of it configured. */
export const withChasquid: Recipe = {
  name: 'chasquid',
  script: `set -e; export DEBIAN_FRONTEND=noninteractive
    apt-get -qq update; apt-get -qq install -y --no-install-recommends chasquid openssl $(grep -q bookworm /etc/os-release && echo python3-dkim)`,
};

export interface ByHand {
  domain: string;
  hostname: string;
  selector: string;
  /** Accounts of `domain`: user part → password. */
  senders: Record<string, string>;
}

/**
 * Sets up a mail server the way a user with a manual would, without any of the product's code: for tests which need a chasquid that
 * runs before the product has touched the host. The certificate is self-signed. Quickest on a host that is ready `withChasquid`.
 * @returns the DKIM record's value.
 */
export async function setUpByHand(host: Host, options: ByHand): Promise<string> {
  const { domain, hostname, senders } = options;
  const config = '/etc/chasquid';
  if ((await host.exec('command -v chasquid')).code !== 0) await host.sh(withChasquid.script);
  await host.sh(`set -e
    hostnamectl set-hostname ${hostname}
    mkdir -p ${config}/certs/${hostname} ${config}/domains/${domain}
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -days 90 -subj /CN=${hostname} -addext subjectAltName=DNS:${hostname} \
      -keyout ${config}/certs/${hostname}/privkey.pem -out ${config}/certs/${hostname}/fullchain.pem
    printf 'hostname: "%s"\\n' ${hostname} >>${config}/chasquid.conf`);
  for (const [user, password] of Object.entries(senders)) {
    // Without a terminal chasquid-util reads the password, twice, from its standard input only when one is simulated.
    await host.sh(`chasquid-util user-add ${user}@${domain} --password="$(cat)" >/dev/null`, { stdin: password });
  }
  const record = await (host.suite === 'bookworm' ? signByHook : signByItself)(host, config, options);
  await host.sh(`chown -R chasquid:chasquid ${config}/certs ${config}/domains
    systemctl reset-failed 'chasquid*'; systemctl restart chasquid
    for _ in $(seq 50); do systemctl is-active --quiet chasquid && exit 0; sleep 0.1; done; journalctl -u chasquid >&2; exit 1`);
  return record;
}

/** chasquid before 1.14: Debian's post-data hook signs with dkimpy. */
async function signByHook(host: Host, config: string, { domain, selector }: ByHand): Promise<string> {
  const key = `${config}/certs/${domain}/dkim_privkey.pem`;
  const base64 = await host.sh(`set -e; mkdir -p ${config}/certs/${domain}; openssl genrsa -out ${key} 2048 2>/dev/null
    echo ${selector} >${config}/domains/${domain}/dkim_selector
    openssl rsa -in ${key} -pubout -outform der 2>/dev/null | base64 -w0`);
  return `v=DKIM1; k=rsa; p=${base64.trim()}`;
}

async function signByItself(host: Host, config: string, { domain, selector }: ByHand): Promise<string> {
  const file = `${config}/domains/${domain}/dkim:${selector}.pem`;
  const printed =
    await host.sh(`set -e; chasquid-util dkim-keygen ${domain} ${selector} ${file} --algo=rsa3072 >/dev/null
    chasquid-util dkim-dns ${domain} ${selector} ${file}`);
  return /"(.*)"/s.exec(printed)?.[1] ?? '';
}
