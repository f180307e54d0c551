/** How the process inside the world tells the one outside where VS Code listens. */
const marker = 'VS Code listens on ';

export function printSocket(socket: string): void {
  console.log(`${marker}${socket}`);
}

export function socketNotice(output: string): string | undefined {
  return output
    .split('\n')
    .find(line => line.startsWith(marker))
    ?.slice(marker.length)
    .trim();
}
