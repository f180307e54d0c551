import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SshAct } from '../acts/ssh';
import type { Trial } from '../run';
import { answerLies } from './answerLies';
import { bareLies } from './bareLies';
import { channelLies } from './channelLies';
import { logLies } from './logLies';
import { loginLies } from './loginLies';
import { keys, type SshLie, startHostileSshServer } from './server';
import { wireLies } from './wireLies';

/** What connecting does first: becoming root, and one look. */
const channelsOfConnecting = 2;

/** A folder of this process, for the key of whoever logs in. */
const folder = mkdtempSync(join(tmpdir(), 'hostile-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const key = join(folder, 'id');
const steps = join(import.meta.dirname, '../../../../src/provision/steps');
writeFileSync(key, keys.client.private, { mode: 0o600 });

function trialsOf(lies: readonly SshLie[]): Trial[] {
  return lies.flatMap(lie => (lie.acts ?? ['connect']).map(act => trial(lie, act)));
}

function trial(lie: SshLie, act: SshAct): Trial {
  return {
    name: lie.name,
    act,
    quiet: lie.quiet ?? false,
    start: async make => {
      const server = await startHostileSshServer(lie, make, act === 'connect' ? 0 : channelsOfConnecting);
      return { asked: { port: server.port, key, steps }, visited: server.visited, stop: server.stop };
    },
  };
}

/** The families of lies, by what they are about. */
export const sshFamilies: Record<string, Trial[]> = {
  'before the login': trialsOf([...bareLies, ...loginLies]),
  'the line': trialsOf(wireLies),
  channels: trialsOf(channelLies),
  answers: trialsOf(answerLies),
  logs: trialsOf(logLies),
};

const all: SshAct[] = [
  'connect',
  'facts',
  'status',
  'tree',
  'queue',
  'trace',
  'file',
  'write',
  'sender',
  'domain',
  'logs',
  'plan',
  'apply',
  'names',
];

/** Everything that is asked, of a server that does not lie. */
export const honestSsh: Trial[] = all.map(act => trial({ name: 'nothing' }, act));
