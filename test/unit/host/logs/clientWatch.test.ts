import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ClientWatch, type ClientNews } from '../../../../src/host/logs/clientWatch';
import { parseLogLine } from '../../../../src/chasquid/logLines';

const address = 'i@a.example';
const id = '8AfWmd3XbTo';

/** What is told of these lines of the mail log, as chasquid writes them. */
function told(...lines: string[]): ClientNews[] {
  const watch = new ClientWatch(address, ['google.com']);
  return lines.flatMap(line => watch.see(parseLogLine(line, 'mail')) ?? []);
}

const kinds = (news: ClientNews[]) => news.map(({ kind, done }) => `${kind}${done ? ', done' : ''}`);

describe('ClientWatch', () => {
  it('follows a confirmation to where it was passed on', () => {
    const news = told(
      `209.85.220.41:55000 auth succeeded for ${address}`,
      `${id} from=bounce@gaia.bounces.google.com queued ip=209.85.220.41:55001 to=[${address}]`,
      `${id} from=bounce@gaia.bounces.google.com to=you@gmail.com sent`,
      `${id} from=bounce@gaia.bounces.google.com all done`,
    );
    assert.deepEqual(kinds(news), ['logged-in', 'arrived', 'delivered, done']);
    assert.match(news[2]!.text, /was passed on to you@gmail\.com\. Open it there/);
  });

  it('tells of a wrong password, once', () => {
    const line = `209.85.220.41:55000 auth failed for ${address}`;
    const news = told(line, line);
    assert.deepEqual(kinds(news), ['refused']);
    assert.match(news[0]!.text, /the password was wrong/);
  });

  it('tells why a confirmation was not passed on, and goes on while it is tried again', () => {
    const begin = `${id} from=x@google.com queued ip=209.85.220.41:55001 to=[other@a.example ${address}]`;
    const temporary = told(begin, `${id} from=x@google.com to=you@gmail.com failed (temporary): 421 later`);
    assert.deepEqual(kinds(temporary), ['arrived', 'failed']);
    const permanent = told(begin, `${id} from=x@google.com to=you@gmail.com failed (permanent): 550 no`);
    assert.deepEqual(kinds(permanent), ['arrived', 'failed, done']);
    assert.match(permanent[1]!.text, /could not be passed on to you@gmail\.com: 550 no\./);
  });

  it('passes over other people’s mail and logins', () => {
    assert.deepEqual(
      told(
        `192.0.2.1:1 auth succeeded for other@a.example`,
        `${id} from=x@notgoogle.com queued ip=192.0.2.1:1 to=[${address}]`,
        `${id} from=x@notgoogle.com to=you@gmail.com sent`,
        `${id} from=x@google.com queued ip=192.0.2.1:1 to=[other@a.example]`,
      ),
      [],
    );
  });
});
