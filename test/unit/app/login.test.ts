import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { LoginPrompts, silentWindow } from '../../../src/app/login';
import { Secrets } from '../../../src/app/secrets';
import type { Asking, KeyboardAsk } from '../../../src/ssh/config/target';
import { type Typed, TypingPerson } from '../../support/loginWindow';
import { MemorySecrets } from '../../support/secretStorage';

const mail: Asking = { user: 'root', host: 'mail.example', port: 22 };
const gate: Asking = { user: 'root', host: 'gate.example', port: 22 };

let secrets: Secrets;
beforeEach(() => (secrets = new Secrets(new MemorySecrets())));

function login(answer?: (title: string) => Typed) {
  const person = new TypingPerson(question => answer?.(question.title));
  return { person, prompts: new LoginPrompts('mail', secrets, person) };
}
const typed = (text: string, remember = false) => ({ text, remember });
const keyboard = (ask: Asking, ...texts: string[]) => ({
  ...ask,
  attempt: 1,
  name: '',
  instructions: '',
  questions: texts.map(text => ({ text, echo: false })),
});

describe('the stored password', () => {
  beforeEach(() => secrets.set(['password', 'root@mail.example:22'], 'of mail', 'mail'));

  it('is given to the login it belongs to, once', async () => {
    const { person, prompts } = login(() => typed('another'));
    assert.equal(await prompts.password({ ...mail, attempt: 1 }), 'of mail');
    assert.equal(await prompts.password({ ...mail, attempt: 2 }), 'another');
    assert.deepEqual(
      person.asked.map(({ title, prompt }) => [title, prompt]),
      [['Password of root@mail.example', 'That was not accepted. Try again.']],
    );
  });

  it('is given to no other host, port, user or host key name: each is asked for its own', async () => {
    for (const [ask, title] of [
      [gate, 'Password of root@gate.example'],
      [{ ...mail, port: 2222 }, 'Password of root@mail.example:2222'],
      [{ ...mail, user: 'admin' }, 'Password of admin@mail.example'],
      [{ ...mail, hostKeyAlias: 'other' }, 'Password of root@mail.example'],
    ] as const) {
      for (const way of ['password', 'keyboard'] as const) {
        const { person, prompts } = login(() => typed('typed'));
        const answer =
          way === 'password'
            ? await prompts.password({ ...ask, attempt: 1 })
            : (await prompts.keyboardInteractive(keyboard(ask, 'Password: ')))?.[0];
        assert.equal(answer, 'typed', title);
        assert.deepEqual(person.titles(), [title]);
        assert.equal(person.asked[0]!.prompt, 'Sent only after the host key was verified.');
      }
    }
  });

  it('answers the words in which systems ask for it', async () => {
    for (const text of [
      'Password: ',
      'Password for root@mail.example:',
      '(root@mail.example) Password: ',
      'LDAP Password: ',
      'Enter your password:',
      'root@mail.example password:',
    ]) {
      assert.deepEqual(await login().prompts.keyboardInteractive(keyboard(mail, text)), ['of mail'], text);
    }
  });

  it('answers no question for something else, whatever words it is put in', async () => {
    for (const [ask, isAsked] of [
      [keyboard(mail, 'One-time password: '), true],
      [keyboard(mail, 'New password: '), true],
      [keyboard(mail, 'Password of your bank: '), true],
      [keyboard(mail, 'Passphrase for key id_ed25519: '), true],
      [keyboard(mail, 'Password: ', 'Verification code: '), true],
      [keyboard(mail, `${'a@a'.repeat(20_000)} password`), true],
      [{ ...keyboard(mail), questions: [{ text: 'Password: ', echo: true }] }, true],
      [keyboard(mail), false],
    ] satisfies [KeyboardAsk, boolean][]) {
      const { person, prompts } = login(() => typed('typed', true));
      const answers = await prompts.keyboardInteractive(ask);
      await prompts.succeeded();
      assert.deepEqual([...new Set(answers)], isAsked ? ['typed'] : [], ask.questions[0]?.text.slice(0, 80));
      assert.ok(person.asked.every(question => !question.rememberable));
      assert.equal(await secrets.get(['password', 'root@mail.example:22']), 'of mail');
    }
  });

  it('is deleted once another one was right, which was not to be remembered', async () => {
    const { prompts } = login(() => typed('new'));
    await prompts.password({ ...mail, attempt: 1 });
    await prompts.password({ ...mail, attempt: 2 });
    assert.equal(await secrets.get(['password', 'root@mail.example:22']), 'of mail');
    await prompts.succeeded();
    assert.equal(await secrets.get(['password', 'root@mail.example:22']), undefined);
  });
});

describe('what is to be remembered', () => {
  it('is stored for the hop that asked, after the login', async () => {
    const { prompts } = login(title => typed(`for ${title}`, true));
    await prompts.password({ ...gate, attempt: 1 });
    await prompts.keyboardInteractive(keyboard(mail, 'Password: '));
    assert.deepEqual(await secrets.list(), []);
    await prompts.succeeded();
    assert.equal(await secrets.get(['password', 'root@gate.example:22']), 'for Password of root@gate.example');
    assert.equal(await secrets.get(['password', 'root@mail.example:22']), 'for Password of root@mail.example');
    assert.deepEqual(
      (await secrets.list()).map(({ servers }) => servers),
      [['mail'], ['mail']],
    );
  });

  it('is the last answer, and nothing when that one was not to be remembered', async () => {
    const answers = [typed('wrong', true), typed('right', true), typed('other', true), typed('really', false)];
    const { prompts } = login(() => answers.shift());
    for (const ask of [mail, gate]) for (const attempt of [1, 2]) await prompts.password({ ...ask, attempt });
    await prompts.succeeded();
    assert.equal(await secrets.get(['password', 'root@mail.example:22']), 'right');
    assert.equal(await secrets.get(['password', 'root@gate.example:22']), undefined);
  });

  it('a passphrase belongs to its key file, whichever hop wants the key', async () => {
    const { prompts } = login(() => typed('of the key', true));
    await prompts.passphrase({ keyFile: '/keys/one', attempt: 1 });
    await prompts.succeeded();
    const again = login(() => typed('of another'));
    assert.equal(await again.prompts.passphrase({ keyFile: '/keys/one', attempt: 1 }), 'of the key');
    assert.equal(await again.prompts.passphrase({ keyFile: '/keys/two', attempt: 1 }), 'of another');
    assert.deepEqual(again.person.titles(), ['Passphrase of the key /keys/two']);
  });
});

it('a question that is closed ends the answers', async () => {
  const { prompts } = login();
  assert.equal(await prompts.password({ ...mail, attempt: 1 }), undefined);
  assert.equal(await prompts.keyboardInteractive(keyboard(mail, 'Code: ')), undefined);
});

describe('a login that may ask nothing', () => {
  it('takes what is stored, and tells of each question instead of asking it', async () => {
    await secrets.set(['password', 'root@mail.example:22'], 'of mail', 'mail');
    let questions = 0;
    const prompts = new LoginPrompts(
      'mail',
      secrets,
      silentWindow(() => questions++),
    );
    assert.equal(await prompts.password({ ...mail, attempt: 1 }), 'of mail');
    assert.equal(questions, 0);
    assert.equal(await prompts.password({ ...mail, attempt: 2 }), undefined);
    assert.equal(await prompts.keyboardInteractive(keyboard(mail, 'Code: ')), undefined);
    const key = { ...mail, type: 'ssh-ed25519', sha256: 'SHA256:x', md5: 'MD5:x' };
    assert.equal(await prompts.unknownHostKey(key), false);
    assert.equal(questions, 3);
  });
});
