/** How long something will take, rounded up: `45 seconds`, `5 minutes`, `20 hours`. */
export function timeLeft(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  const minutes = Math.ceil(seconds / 60);
  const [count, unit] =
    seconds < 90 ? [seconds, 'second'] : minutes < 120 ? [minutes, 'minute'] : [Math.ceil(minutes / 60), 'hour'];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** How long something has taken, rounded down and short: `5 s`, `4 min`, `3 hours`, `12 days`. */
export function timePassed(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const units: [number, string, string][] = [
    [86400, 'day', 'days'],
    [3600, 'hour', 'hours'],
    [60, 'min', 'min'],
  ];
  for (const [size, one, many] of units) {
    const count = Math.floor(seconds / size);
    if (count >= 1) return `${count} ${count === 1 ? one : many}`;
  }
  return `${seconds} s`;
}
