import { credentialLines, dnsProviders, otherProviders, type DnsProvider } from '../../provision/dnsProviders';
import type { Choice, Wizard } from '../../views/wizard';
import type { App } from '../composedApp';

/** Asks for the DNS provider alone, and for what is no secret of it. */
export async function askProvider(wizard: Wizard, answers: Record<string, string>): Promise<void> {
  const provider = await pickProvider(wizard, answers);
  if (provider.id === 'rfc2136') await askWait(wizard, answers);
}

/**
 * Asks for the DNS provider and its keys. Keys are kept in the secret storage by provider and domain: two domains may be in two
 * accounts. Those of another domain are offered too, as they may be in the same one.
 * @param server name of the server entry
 */
export async function askCredentials(
  { secrets }: Pick<App, 'secrets'>,
  wizard: Wizard,
  answers: Record<string, string>,
  server: string,
): Promise<void> {
  const provider = await pickProvider(wizard, answers);
  const domain = answers.domain ?? answers.hostname ?? server;
  const stored = await storedKeys(secrets, provider, domain);
  const reused =
    stored.length > 0
      ? await wizard.pick(`Keys of ${provider.title} are stored already.`, storedChoices(stored))
      : undefined;
  const name = reused?.name ?? (['dnsKeys', provider.id, domain] as const);
  answers.dnsCredentials =
    reused?.lines ?? (provider.keys.length > 0 ? await askKnown(wizard, provider) : await askLines(wizard, provider));
  await secrets.set(name, answers.dnsCredentials, server);
  if (provider.id === 'rfc2136') await askWait(wizard, answers);
}

interface StoredKeys {
  name: readonly ['dnsKeys', provider: string, domain: string];
  lines: string;
  /** What tells the account, such as `user name alice`; never a secret. */
  account: string;
}

/** What is stored for this provider, that of this domain first. */
async function storedKeys(secrets: App['secrets'], { id, keys }: DnsProvider, domain: string): Promise<StoredKeys[]> {
  const names = (await secrets.list())
    .flatMap(({ name }) => (name[0] === 'dnsKeys' && name[1] === id ? [name] : []))
    .sort(([, , a], [, , b]) => Number(b === domain) - Number(a === domain) || a.localeCompare(b));
  const plain = keys.find(key => !key.secret);
  return Promise.all(
    names.map(async name => {
      const lines = (await secrets.get(name)) ?? '';
      const line = plain && lines.split('\n').find(text => text.startsWith(`${plain.name}=`));
      return { name, lines, account: line ? `${plain.hint} ${line.slice(plain.name.length + 1)}` : '' };
    }),
  );
}

function storedChoices(stored: readonly StoredKeys[]): Choice<StoredKeys | undefined>[] {
  return [
    ...stored.map(keys => ({ label: `Use the keys of ${keys.name[2]}`, description: keys.account, value: keys })),
    { label: 'Enter others', value: undefined },
  ];
}

async function pickProvider(wizard: Wizard, answers: Record<string, string>): Promise<DnsProvider> {
  const provider = await wizard.pick('Who serves the DNS of your domain?', choices());
  answers.dnsProvider = provider.id;
  return provider;
}

/** The clients look themselves whether the record has arrived, but not at name servers of one's own. */
async function askWait(wizard: Wizard, answers: Record<string, string>): Promise<void> {
  answers.dnsWait = await wizard.text({
    prompt: 'Seconds to wait until all of your name servers have a new record.',
    value: '10',
    validate: text => (/^\d{1,4}$/.test(text.trim()) ? undefined : 'Enter a number of seconds, such as 10.'),
  });
}

function choices(): Choice<DnsProvider>[] {
  const known = dnsProviders.map(provider => ({ label: provider.title, description: provider.id, value: provider }));
  const others = otherProviders.map(id => ({
    label: id,
    description: 'interface of acme.sh',
    value: { id, title: id, keys: [] },
  }));
  return [...known, ...others];
}

async function askKnown(wizard: Wizard, provider: DnsProvider): Promise<string> {
  const values: Record<string, string> = {};
  for (const key of provider.keys) {
    values[key.name] = await wizard.text({
      prompt: `${provider.title}: ${key.hint} (${key.name}).`,
      value: key.fallback ?? '',
      password: key.secret,
      validate: text =>
        text.trim() === ''
          ? `${provider.title} requires this value. Its control panel shows it where API keys are made.`
          : undefined,
    });
  }
  return credentialLines(Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value.trim()])));
}

/** Providers of which only the name is known here: NAME=value, one after another, until an empty one. */
async function askLines(wizard: Wizard, provider: DnsProvider): Promise<string> {
  const lines: string[] = [];
  for (;;) {
    const line = await wizard.text({
      prompt: `${provider.id}: ${lines.length === 0 ? 'a key as NAME=value, with the names that acme.sh documents' : 'the next NAME=value, or nothing when that is all'}.`,
      password: true,
      validate: text =>
        (text.trim() === '' && lines.length > 0) || /^[A-Za-z][A-Za-z0-9_]*=./.test(text.trim())
          ? undefined
          : 'Write it as NAME=value, such as CF_Token=abc.',
    });
    if (line.trim() === '') return lines.join('\n');
    lines.push(line.trim());
  }
}
