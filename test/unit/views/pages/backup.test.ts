import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { backupPage, formerBackupsPage, unexpected } from '../../../../src/views/pages/backup';

const commit = { id: 'a'.repeat(40), time: 1_700_000_000, message: 'Edit *x*' };

describe('the page of a backup', () => {
  it('names what was left out and why, and what must not be pushed', () => {
    const text = backupPage('mail', {
      commit,
      changed: true,
      leftOut: [
        { path: 'domains/a|b/notes.txt', reason: 'key' },
        { path: 'certs/x/privkey.pem', reason: 'key-name' },
      ],
      pushed: { state: 'refused', said: '', held: ['domains/`x`'] },
    }).join('\n\n');
    assert.match(text, /`domains\/a\\\|b\/notes\.txt` \| It holds a private key/);
    assert.match(text, /`certs\/x\/privkey\.pem` \| Its name is that of a private key/);
    assert.match(text, /## Not pushed[\s\S]*- `` domains\/`x` ``/);
    assert.match(text, /`aaaaaaa`.*Edit \\\*x\\\*/);
  });

  it('has no empty sections', () => {
    const text = backupPage('mail', { commit, changed: false, leftOut: [] }).join('\n\n');
    assert.doesNotMatch(text, /##/);
    assert.match(text, /password hashes/);
  });

  it('the keys that every server has surprise nobody', () => {
    const key = { path: 'domains/x/notes', reason: 'key' } as const;
    assert.deepEqual(unexpected([{ path: 'certs/x/privkey.pem', reason: 'key-name' }, key]), [key]);
  });
});

describe('the page of earlier backups', () => {
  it('says for each secret what to do', () => {
    const secrets = [
      'shadow',
      'ssh/ssh_host_rsa_key',
      'chasquid/domains/x/dkim:s.pem',
      'chasquid/certs/x/privkey.pem',
      'a.key',
    ];
    const remote = 'git@git.example:me/conf.git';
    const text = formerBackupsPage('mail', { folder: '/etc', remote, content: { secrets, outside: 7 } }).join('\n\n');
    assert.match(text, /`git@git\.example:me\/conf\.git`\. 7 of the files/);
    for (const [path, advice] of [
      ['shadow', 'passwd USER'],
      ['ssh/ssh_host_rsa_key', 'ssh-keygen -A'],
      ['chasquid/domains/x/dkim:s.pem', 'Rotate DKIM Key'],
      ['chasquid/certs/x/privkey.pem', 'Issue Certificate'],
      ['a.key', 'Replace it'],
    ] as const)
      assert.ok(
        text.split('\n').some(line => line.includes(`\`${path}\` |`) && line.includes(advice)),
        path,
      );
    assert.match(text, /`git -C \/etc remote remove chasquid-backup`/);
  });

  it('asks for no new keys where none was pushed', () => {
    const content = { secrets: [], outside: 0 };
    const text = formerBackupsPage('mail', { folder: '/etc/chasquid', remote: 'x:y', content }).join('\n\n');
    assert.match(text, /^1\. Make an empty private repository/m);
    assert.doesNotMatch(text, /Delete|Replace/);
  });

  it('says that it could not look where others may write', () => {
    const text = formerBackupsPage('mail', { folder: '/srv/ops', remote: 'x:y' }).join('\n\n');
    assert.match(text, /was not searched/);
    assert.doesNotMatch(text, /## Secrets/);
  });
});
