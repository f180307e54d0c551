import assert from 'node:assert/strict';
import { ServerSession, type SessionPorts } from '../../../../src/app/session';
import { shortReason } from '../../../../src/app/shortReason';
import { readTextFile, writeTextFile } from '../../../../src/host/files/configFiles';
import { readConfigTree } from '../../../../src/host/files/configTree';
import { removeDomain } from '../../../../src/host/domains/domains';
import { followLogs } from '../../../../src/host/logs/followLogs';
import { mailHostResolver } from '../../../../src/host/mailHostResolver';
import { rootShell, userShell, type RootShell } from '../../../../src/host/protocol/privilege';
import { readQueue } from '../../../../src/host/queue';
import { readFacts } from '../../../../src/host/facts/readFacts';
import { addSender } from '../../../../src/host/senders/senders';
import { readStatus, serviceProblem } from '../../../../src/host/services/services';
import { traceMessage } from '../../../../src/host/logs/trace';
import { loadSteps } from '../../../../src/provision/loadSteps';
import { runPlan } from '../../../../src/provision/runner';
import { SshConnection } from '../../../../src/ssh/connection';
import { share } from '../../deep';
import { Person, targetOf } from '../../sshPerson';
import type { Ask, Asked } from './index';

/** How long a log is followed, and a plan may run, before the user ends it. Milliseconds on the fast clock. */
const watchingMs = share(12_000, 5000);
const planMs = 12_000;

type Show = (text: string) => void;

const work = {
  facts: async (session, show) => shownFacts(await session.refresh(), show),
  status: async (session, show) => {
    const status = await readStatus(await root(session));
    show(serviceProblem('mail', status));
    return `${status.state}, ${status.lines.length} lines`;
  },
  tree: async session => `${(await readConfigTree(await root(session))).domains?.length} domains`,
  queue: async session => {
    const { items, length } = await readQueue(await root(session));
    return `${items.length} of ${length}`;
  },
  trace: async session => `${(await traceMessage(await root(session), 'abcdefghijk')).entries.length} entries`,
  file: async session => `${(await readTextFile(await root(session), 'chasquid.conf')).bytes?.length ?? 'no'} bytes`,
  write: async session => {
    const bytes = Buffer.alloc(200_000, 'a: b\n');
    const { readable } = await writeTextFile(await root(session), 'x', bytes, { expectedHash: 'absent' });
    return `readable: ${readable}`;
  },
  sender: async session => (await addSender(await root(session), 'i@example.com', 'a password of some length')).effect,
  domain: async session => removeDomain(await root(session), 'example.com'),
  logs: async (session, show) => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error('Enough seen.')), watchingMs);
    let entries = 0;
    await followLogs({
      shell: () => session.rootShell(password),
      signal: stop.signal,
      onEntries: more => (entries += more.length),
      onState: state => state.kind === 'lost' && show(state.reason),
    });
    return `${entries} entries`;
  },
  plan: (session, show, { steps }) => plan(session, show, steps!, 'dryRun', ['preflight', 'packages', 'permissions']),
  apply: (session, show, { steps }) => plan(session, show, steps!, 'apply', ['packages', 'permissions']),
  names: async session => {
    const resolver = await mailHostResolver(await session.remote());
    const { state, values } = await resolver.query('example.com', 'A');
    return `${state} ${values.join(' ')}`;
  },
} satisfies Record<string, (session: ServerSession, show: Show, asked: Asked) => Promise<string>>;

export type SshAct = keyof typeof work | 'connect';

export const sshActs = Object.fromEntries(
  (['connect', ...Object.keys(work)] as SshAct[]).map(act => [act, connected(act)]),
) as Record<SshAct, Ask>;

/** Connects as the extension does, and does the work in that session. */
function connected(act: SshAct): Ask {
  return async (asked, show) => {
    const person = new Person({
      password: () => 'secret',
      keyboard: ask => {
        // What a question holds is made harmless where it is shown; here it is only not too long.
        for (const text of [ask.name, ask.instructions, ...ask.questions.map(question => question.text)])
          assert.ok(text.length <= 2001, `a text of ${text.length} characters`);
        return ask.questions.map(() => 'secret');
      },
    });
    const session = sessionWith(asked, person, show);
    try {
      const facts = await session.connect();
      return act === 'connect' ? shownFacts(facts, show) : await work[act](session, show, asked);
    } finally {
      person.logged.forEach(show);
      session.disconnect();
    }
  };
}

function sessionWith({ port, key }: Asked, person: Person, show: Show): ServerSession {
  const target = targetOf({ host: '127.0.0.1', port, user: 'root', key: key! });
  const ports: SessionPorts = {
    connect: (_entry, signal) => SshConnection.connect(target, person, signal),
    askSudoPassword: password,
    openRootShell: rootShell,
    readFacts: async (remote, shell) => readFacts(shell ?? userShell(remote)),
    log: (_level, text) => show(text),
    shortReason,
  };
  return new ServerSession({ name: 'mail', host: target.host, port }, ports, () => undefined);
}

function root(session: ServerSession): Promise<RootShell> {
  return session.rootShell(password);
}

const password = (): Promise<string> => Promise.resolve('secret');

function shownFacts(facts: Awaited<ReturnType<ServerSession['connect']>>, show: Show): string {
  facts.problems.forEach(show);
  return `${facts.os.prettyName.slice(0, 40)}, ${facts.chasquid?.domains.length} domains`;
}

async function plan(
  session: ServerSession,
  show: Show,
  steps: string,
  mode: 'dryRun' | 'apply',
  chosen: string[],
): Promise<string> {
  const stop = new AbortController();
  setTimeout(() => stop.abort(new Error('The user stopped the plan. What ran has been ended. Start again.')), planMs);
  const { results } = await runPlan({
    shell: await root(session),
    steps: await loadSteps(steps),
    chosen,
    inputs: {},
    mode,
    signal: stop.signal,
    reconnect: async () => root(session),
    ui: { onEvent: () => undefined, onFailure: () => Promise.resolve('skip') },
  });
  for (const { what, why, fix } of results) for (const text of [what, why, fix]) if (text !== undefined) show(text);
  return results.map(({ id, state }) => `${id} ${state}`).join(', ');
}
