/** Seconds since the epoch of a time that `show_unit` printed (`shell/service.sh`), such as `Tue 2026-11-24 20:35:04 UTC`; undefined for none (`n/a`, or empty). */
export function unitTime(property: string): number | undefined {
  const [, date, time] = /^\w{3} (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC$/.exec(property) ?? [];
  return date === undefined ? undefined : Date.parse(`${date}T${time}Z`) / 1000;
}
