// What is suggested while one writes: people after "@", the app's entries after "/".
import { avatar, h } from "../lib.js";

const WORD = /(?:^|[\s(])@([\p{L}\p{N}._'’-]*(?: [\p{L}\p{N}._'’-]*)?)$/u;

/** People of the conversation and the app, whose name or handle begins so. */
export function people(before, chat, screen) {
  const typed = WORD.exec(before)?.[1].toLowerCase();
  if (typed === undefined) return null;
  const ids = [screen.app.user, ...chat.members].filter((id) => id !== screen.me && screen.people[id] && !screen.people[id].gone);
  const fits = ids.filter((id) => begins(screen.people[id], typed)).slice(0, 8);
  return fits.map((id) => ({ label: screen.people[id].name, about: screen.people[id].bot ? "App" : screen.people[id].handle, face: avatar(screen.people[id], id), value: { from: before.length - typed.length - 1, text: `@${screen.people[id].name} ` } }));
}

function begins(person, typed) {
  const names = [person.name, person.handle, ...person.name.split(/\s+/u)].map((one) => one.toLowerCase());
  return names.some((one) => one.startsWith(typed));
}

/** The entries of the app's list; none once one of them is typed in full, so that Enter sends it. In the chat with the app alone they are words without a slash. */
export function entries(before, chat, about, screen) {
  const typed = /^\/([\p{L} ]*)$/u.exec(before)?.[1].toLowerCase();
  if (typed === undefined) return null;
  if (about.entries?.some((one) => one.title === typed.trim())) return [];
  const slash = chat.kind === "personal" ? "" : "/";
  return (about.entries ?? []).filter((one) => one.title.startsWith(typed)).map((one) => ({
    label: `${slash}${one.title}`, about: one.about, face: h("span", { class: "avatar bot", "aria-hidden": "true" }, screen.app.name ? "🛎" : ""), value: { from: 0, text: `${slash}${one.title} ` },
  }));
}

/** The words with handles in place of the names that stand after an "@", as the sandbox reads mentions. */
export function handled(text, people) {
  const known = Object.values(people).filter((one) => !one.gone).sort((a, b) => b.name.length - a.name.length);
  return known.reduce((words, one) => words.replaceAll(`@${one.name}`, `@${one.handle}`), text);
}
