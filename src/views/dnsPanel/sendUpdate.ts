import type * as vscode from 'vscode';
import { Cancelled } from '../../app/cancelled';
import type { Secrets } from '../../app/secrets';
import { ask } from '../../app/window';
import type { RecordVerdict } from '../../dns/records/record';
import { formatServer, parseServer } from '../../dns/resolver/wire';
import { parseTsigKey } from '../../dns/update/parseKey';
import type { ZoneChange } from '../../dns/update/plan';
import { planChanges } from '../../dns/update/plan';
import { sendUpdate } from '../../dns/update/send';
import { Wizard } from '../wizard';

interface Keeping {
  secrets: Secrets;
  globalState: vscode.Memento;
  /** Name of the server entry whose records are sent. */
  server: string;
}

/**
 * Asks for the DNS server and its TSIG key, then for consent, and sends what is wrong or missing (RFC 2136). The DNS server is
 * remembered, the key for it in the secret storage, until the server rejects it.
 * @returns A sentence about what was done; undefined when the user gave up. @throws Error with a message for people.
 */
export async function sendRecords(
  { secrets, globalState, server: entry }: Keeping,
  records: RecordVerdict[],
  signal: AbortSignal,
): Promise<string | undefined> {
  const changes = planChanges(records);
  if (changes.length === 0) return 'Nothing to send: the records that can be sent are correct already.';
  const zones = changes.map(change => change.zone).join(', ');
  const serverId = `chasquid.dnsUpdateServer:${zones}`;
  let server = globalState.get<string>(serverId) ?? '';
  const keyName = () => ['tsigKey', zones, formatServer(parseServer(server))] as const;
  let key = '';
  try {
    await new Wizard(`Send Records of ${zones}`, [
      async wizard => {
        server = await wizard.text({
          prompt: 'The zone’s primary DNS server, which accepts dynamic updates',
          placeholder: '192.0.2.53 or 192.0.2.53:5353',
          value: server,
          validate: text => reason(() => parseServer(text)),
        });
      },
      async wizard => {
        key =
          (await secrets.get(keyName())) ??
          (await wizard.text({
            prompt: 'The TSIG key that may change the zone. It is kept in VS Code’s secret storage',
            placeholder: 'hmac-sha256:NAME:SECRET',
            password: true,
            validate: text => reason(() => parseTsigKey(text)),
          }));
      },
    ]).run();
  } catch (error) {
    if (error instanceof Cancelled) return undefined;
    throw error;
  }
  const detail = changes.flatMap(describe).join('\n');
  if (!(await ask(`Change ${zones} at ${server}?`, { detail, button: 'Send' }))) return undefined;
  try {
    await sendUpdate(records, { server: parseServer(server), key: parseTsigKey(key) }, signal);
  } catch (error) {
    // Asked for again next time: it may be the key that is wrong.
    await secrets.delete(keyName());
    throw error;
  }
  await Promise.all([globalState.update(serverId, server), secrets.set(keyName(), key, entry)]);
  const count = changes.reduce((sum, change) => sum + change.add.length, 0);
  return `${server} accepted ${count} ${count === 1 ? 'record' : 'records'} of ${zones}. Reverse names are set at the address’s provider.`;
}

function reason(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function describe({ remove, add }: ZoneChange): string[] {
  const short = (text: string) => (text.length > 100 ? `${text.slice(0, 100)}…` : text);
  return [
    ...remove.map(({ name, type, value }) => `remove ${name} ${type}${value === undefined ? '' : ` ${short(value)}`}`),
    ...add.map(({ name, type, value }) => `add ${name} ${type} ${short(value)}`),
  ];
}
