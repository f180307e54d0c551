import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerLimit, AnswerReader } from '../../../../src/host/protocol/answerReader';
import { longestTurn } from '../../../support/eventLoop';

/** What is read of `text`, which comes in pieces of `step` bytes. */
function read(text: string | Buffer, step = 32 * 1024): unknown[] {
  const reader = new AnswerReader();
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += step) reader.push(bytes.subarray(at, at + step));
  return reader.end();
}

test('each line is a JSON value; lines of the scripts and others read alike', () => {
  const lines = [
    '{"kind":"file","name":"YQ==","data":"aGk="}',
    '',
    '{"kind":"x","name":"","data":""}',
    '{"step":"dkim","state":"ok","facts":{"a":"é"}}',
    '{"kind":"a\\"","name":"b","data":"c"}',
    '{"kind":"a","name":"b","data":"c","more":"d"}',
    ' 1 ',
  ];
  for (const step of [1, 7, 1000]) {
    assert.deepEqual(
      read(lines.join('\n'), step),
      lines.filter(Boolean).map(line => JSON.parse(line) as unknown),
    );
  }
});

test('a line that is not JSON is named when the script has ended', () => {
  assert.throws(() => read('{"a":1}\nWelcome to this server\n{"b":2}\n'), {
    code: 'answer-not-json',
    message: /“Welcome to this server”/,
  });
});

test('a large file in one line is read without a pause', async () => {
  const data = Buffer.alloc(16_000_000, 7).toString('base64');
  const line = Buffer.from(`{"kind":"files","name":"","data":"${data}"}\n`);
  const { result, ms } = await longestTurn(async () => read(line));
  assert.deepEqual(result, [{ kind: 'files', name: '', data }]);
  assert.ok(ms < 200, `blocked for ${ms} ms`);
});

for (const [what, text] of Object.entries({
  'one endless line': 'x'.repeat(answerLimit + 1),
  'endless empty lines': '\n'.repeat(answerLimit + 1),
  'very many lines': '1\n'.repeat(200_000),
  'lists in lists': `${'['.repeat(1_000_000)}\n`.repeat(5),
  'very many lists': `[${'[],'.repeat(2_000_000)}[]]\n`,
})) {
  test(`an answer without measure is refused: ${what}`, async () => {
    const { ms } = await longestTurn(async () =>
      assert.throws(() => read(text), {
        code: 'answer-too-large',
        message: /^The server answered more than .+\. So much is not read, .+\. Check the server in a terminal: .+\.$/,
      }),
    );
    assert.ok(ms < 1000, `took ${ms} ms`);
  });
}
