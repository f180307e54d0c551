import { main } from './cli/main';

// Who reads may have had enough, as `head` has: that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

void main(process.argv.slice(2)).then(status => (process.exitCode = status));
