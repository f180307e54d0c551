/**
 * How to ask systemd for the properties of chasquid's unit so that `unitTime` reads its times: `showUnit` and what to show.
 * In UTC, because the abbreviation of a local zone is ambiguous. Every systemd prints its times in the zone of TZ; a
 * `--timestamp=unix` is unknown to systemd 249 (Ubuntu 22.04), which then prints nothing at all.
 */
export const showUnit = 'TZ=UTC0 systemctl show chasquid.service';

/** Seconds since the epoch of a time such as `Tue 2026-11-24 20:35:04 UTC`; undefined for none (`n/a`, or empty). */
export function unitTime(property: string): number | undefined {
  const [, date, time] = /^\w{3} (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC$/.exec(property) ?? [];
  return date === undefined ? undefined : Date.parse(`${date}T${time}Z`) / 1000;
}
