import { credentialLines, dnsProviders, otherProviders, type DnsProvider } from '../../provision/dnsProviders';
import type { Choice, Wizard } from '../../views/wizard';
import type { App } from '../app';

/** Asks for the DNS provider alone, and for what is no secret of it. */
export async function askProvider(wizard: Wizard, answers: Record<string, string>): Promise<void> {
  const provider = await pickProvider(wizard, answers);
  if (provider.id === 'rfc2136') await askWait(wizard, answers);
}

/** Asks for the DNS provider and its keys. Keys given once are kept in the secret storage, for the next set-up. */
export async function askCredentials(app: App, wizard: Wizard, answers: Record<string, string>): Promise<void> {
  const provider = await pickProvider(wizard, answers);
  const kept = await app.secrets.dnsKeys(provider.id);
  const reuse =
    kept !== undefined &&
    (await wizard.pick('Keys of this provider are in the secret storage already.', [
      { label: 'Use the stored keys', value: true },
      { label: 'Enter others', value: false },
    ]));
  if (reuse) answers.dnsCredentials = kept;
  else {
    answers.dnsCredentials =
      provider.keys.length > 0 ? await askKnown(wizard, provider) : await askLines(wizard, provider);
    await app.secrets.keepDnsKeys(provider.id, answers.dnsCredentials);
  }
  if (provider.id === 'rfc2136') await askWait(wizard, answers);
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
          ? `${provider.title} wants this value. Its control panel shows it where API keys are made.`
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
