import { loadErrorText } from '../chasquid/aliases/file';
import { addressExists, resolveAddress } from '../chasquid/aliases/resolve';
import type { Recipient } from '../chasquid/aliases/model';
import { goQuote, printable } from '../chasquid/text';
import { readTree } from '../chasquid/tree/read';
import { buildWorld } from '../chasquid/tree/world';
import { parseConfig } from '../chasquid/config/parse';
import { errorText } from '../chasquid/prototext/errorText';
import { parseUsers } from '../chasquid/users/parse';
import { nodeFiles } from './nodeFiles';
import { formatOf, parseCommand, Unreadable, Usage, versionOf } from './usage';

/** One answer as `chasquid-check resolve --format json` gives it. */
export interface ResolveRecord {
  address: string;
  exists: boolean;
  recipients: Recipient[];
  /** chasquid's own text. */
  error?: string;
}

/** `chasquid-check resolve`. Resolves to the exit status. */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseCommand(args, { format: { type: 'string' }, chasquid: { type: 'string' } });
  const format = formatOf(values.format, ['text', 'json']);
  const version = versionOf(values.chasquid);
  const [folder, ...addresses] = positionals;
  if (folder === undefined || addresses.length === 0) throw new Usage('Name a configuration folder and an address.');
  const tree = await readTree(nodeFiles, folder).catch((error: Error) => {
    throw new Unreadable(`${folder}: ${error.message}`);
  });
  const problem = tree.problems[0];
  if (problem) throw new Unreadable(`${problem.path}: ${problem.reason}`);
  if (!tree.domains) throw new Unreadable(`${folder}: this folder holds no domains/.`);

  let failed = false;
  const complain = (text: string) => {
    failed = true;
    process.stderr.write(`chasquid-check: ${printable(text)}\n`);
  };
  const config = tree.config && parseConfig(tree.config.text, version);
  if (config?.errors[0]) complain(`${tree.config!.path}: ${errorText(config.source, config.errors[0])}`);
  const world = buildWorld(tree, { version });
  for (const domain of tree.domains) {
    const file = world.files.get(domain.path);
    const error = file?.entries.error;
    if (error) {
      complain(
        `${loadErrorText(error, goQuote(`domains/${domain.folder}/aliases`), world.version.features.strictAliases)} – chasquid uses no alias from this file.`,
      );
    }
  }
  for (const { users } of tree.domains) {
    const file = users && parseUsers(users.text, version);
    if (file?.errors[0])
      complain(`${users!.path}: ${errorText(file.source, file.errors[0])} – chasquid uses no user from this file.`);
  }
  if (world.hooked)
    process.stderr.write('chasquid-check: hooks/alias-resolve may change these answers; it is not run here.\n');

  const answers = addresses.map((address): ResolveRecord => {
    const { recipients, error } = resolveAddress(world, address);
    return {
      address,
      exists: addressExists(world, address),
      recipients: (recipients ?? []).map(show),
      ...(error !== undefined && { error }),
    };
  });
  process.stdout.write(format === 'json' ? `${JSON.stringify(answers, null, 2)}\n` : answers.map(asText).join(''));
  return failed || answers.some(answer => answer.error !== undefined) ? 1 : 0;
}

function show({ type, address, via }: Recipient): Recipient {
  return { type, address: printable(address), ...(via && { via: via.map(printable) }) };
}

function asText({ address, exists, recipients, error }: ResolveRecord): string {
  const lines = error === undefined ? recipients.map(asLine) : [`  error: ${error}`];
  return `${address}${exists ? '' : ' (does not exist here)'}\n${lines.map(line => `${line}\n`).join('')}`;
}

function asLine({ type, address, via }: Recipient): string {
  return `  (${type})  ${address}${via ? ` via ${via.join('/')}` : ''}`;
}
