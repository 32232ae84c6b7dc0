// Moments as Slack's clients show them: https://docs.slack.dev/messaging/formatting-message-text#date-formatting
const DAY = 86_400_000;

const written = (seconds, zone, options) => new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...options }).format(new Date(seconds * 1000));

/** "2026-11-23", the day on which a moment is in this zone. */
export const dayOf = (seconds, zone) => new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(new Date(seconds * 1000));

/** "today", "yesterday" or "tomorrow" as of `now`; null for any other day. */
export function pretty(seconds, now, zone) {
  const apart = Math.round((Date.parse(dayOf(seconds, zone)) - Date.parse(dayOf(now, zone))) / DAY);
  return { "-1": "yesterday", 0: "today", 1: "tomorrow" }[apart] ?? null;
}

/** "Monday, 23 November", or "Today": above the messages of a day. */
export function dayLine(seconds, now, zone) {
  const word = pretty(seconds, now, zone);
  if (word) return word[0].toUpperCase() + word.slice(1);
  const year = dayOf(seconds, zone).slice(0, 4) === dayOf(now, zone).slice(0, 4) ? {} : { year: "numeric" };
  return written(seconds, zone, { weekday: "long", day: "numeric", month: "long", ...year });
}

function ago(seconds, now) {
  const apart = Math.round(Math.abs(now - seconds));
  for (const [size, unit] of [[86400, "day"], [3600, "hour"], [60, "minute"]]) {
    const count = Math.floor(apart / size);
    if (count) return seconds > now ? `in ${count} ${unit}${count > 1 ? "s" : ""}` : `${count} ${unit}${count > 1 ? "s" : ""} ago`;
  }
  return "just now";
}

const LONG = { weekday: "long", day: "numeric", month: "long", year: "numeric" };
const SHORT = { day: "numeric", month: "short", year: "numeric" };
const PLAIN = { day: "numeric", month: "long", year: "numeric" };
const PARTS = {
  date_num: (at, now, zone) => dayOf(at, zone),
  date: (at, now, zone) => written(at, zone, PLAIN),
  date_short: (at, now, zone) => written(at, zone, SHORT),
  date_long: (at, now, zone) => written(at, zone, LONG),
  date_pretty: (at, now, zone) => pretty(at, now, zone) ?? written(at, zone, PLAIN),
  date_short_pretty: (at, now, zone) => pretty(at, now, zone) ?? written(at, zone, SHORT),
  date_long_pretty: (at, now, zone) => pretty(at, now, zone) ?? written(at, zone, LONG),
  day_divider_pretty: dayLine,
  time: (at, now, zone) => written(at, zone, { hour: "2-digit", minute: "2-digit" }),
  time_secs: (at, now, zone) => written(at, zone, { hour: "2-digit", minute: "2-digit", second: "2-digit" }),
  ago: (at, now) => ago(at, now),
};

/** "{date_short_pretty}, {time}" filled in; null if there is a part that no client knows, where the fallback is shown. */
export function formatted(format, seconds, now, zone) {
  let known = Number.isFinite(seconds);
  const text = known ? format.replace(/\{(\w+)\}/g, (_, part) => { known &&= part in PARTS; return known ? PARTS[part](seconds, now, zone) : ""; }) : "";
  return known ? text : null;
}

/** "Mon 23 Nov 2026, 09:00:05": what is shown when the pointer rests on a time. */
export const exact = (seconds, zone) => written(seconds, zone, { weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit" });
