import type { Host } from '../sandbox/host';

/** A repository that a host serves to itself over ssh, as a provider of git would: its user is `git`, with a shell. */
export class GitRemote {
  private constructor(
    private readonly host: Host,
    private readonly folder: string,
  ) {}

  /** An empty one, that nobody may reach yet. */
  static async create(host: Host, name: string): Promise<GitRemote> {
    const folder = `/srv/git/${name}.git`;
    await host.sh(`id git >/dev/null 2>&1 || useradd -m -d /srv/git -s /bin/sh git
      runuser -u git -- git init -q --bare -b main ${folder}`);
    return new GitRemote(host, folder);
  }

  get address(): string {
    return `git@127.0.0.1:${this.folder}`;
  }

  /** Lets a key in. @param options as in an authorized_keys file, such as `command="false"` */
  async admit(publicKey: string, options = ''): Promise<void> {
    await this.host.sh('install -d -m 700 -o git -g git /srv/git/.ssh; cat > /srv/git/.ssh/authorized_keys', {
      stdin: `${options}${options && ' '}${publicKey}\n`,
    });
  }

  async git(words: string): Promise<string> {
    return this.host.sh(`runuser -u git -- git -C ${this.folder} -c core.quotePath=false ${words}`);
  }

  /** The path of every file in its whole history. */
  async paths(): Promise<string[]> {
    const lines = await this.git('rev-list --objects --all');
    return lines
      .split('\n')
      .map(line => line.slice(41))
      .filter(Boolean)
      .sort();
  }

  /** All that its objects hold, one after the other. */
  async everything(): Promise<string> {
    return this.git('cat-file --batch --batch-all-objects --unordered');
  }
}
