// Menus to choose from: a <select> for one of some; a field with a list under it for several, for people, and for what the bot looks up.
import { attempt, h } from "../lib.js";
import { unescaped } from "./mrkdwn.js";
import { picker } from "./picker.js";

const words = (object) => unescaped(object?.text ?? "");
const choice = (one) => ({ key: one.value ?? words(one.text), words: words(one.text), about: words(one.description), raw: one });
const several = (element) => element.type.startsWith("multi_");

/** Puts what was chosen; where the bot wants to be sure, it is asked for before. */
async function put(element, place, value) {
  if (!element.confirm || (await place.confirm(element.confirm))) await attempt(() => place.put(value));
}

export function options(element, place) {
  const groups = element.option_groups ?? [{ options: element.options }];
  if (!several(element)) return oneOf(element, place, groups);
  const offered = groups.map((group) => ({ words: words(group.label), items: group.options.map(choice) }));
  return chooser(element, place, (typed) => filtered(offered, typed), (place.value("selected_options", "initial_options") ?? []).map(choice));
}

function oneOf(element, place, groups) {
  const all = groups.flatMap((group) => group.options), now = place.value("selected_option", "initial_option");
  const option = (one) => h("option", { value: String(all.indexOf(one)), ".selected": now?.value === one.value && now?.text.text === one.text.text }, words(one.text));
  const empty = h("option", { value: "", disabled: !place.optional, ".selected": !now }, words(element.placeholder) || "Select an option");
  return h("select", { ...place.field, class: "menu", data: { control: place.control }, onchange: choose },
    empty, groups.map((group) => (group.label ? h("optgroup", { label: words(group.label) }, group.options.map(option)) : group.options.map(option))));
  async function choose(event) {
    const made = event.target;
    await put(element, place, all[Number(made.value || NaN)] ?? null);
    if (!place.input) made.value = now ? String(all.findIndex((one) => one.value === now.value)) : ""; // so that the same can be chosen once more
  }
}

/** Names from a list that is here already. */
function filtered(groups, typed) {
  const wanted = typed.toLowerCase();
  return groups.map((group) => ({ ...group, items: group.items.filter((one) => one.words.toLowerCase().includes(wanted) || one.also?.includes(wanted)) })).filter((group) => group.items.length);
}

function chooser(element, place, look, chosen, least = 0) {
  const many = several(element);
  return picker({
    field: place.field, control: place.control, many, most: element.max_selected_items ?? Infinity, placeholder: words(element.placeholder) || (many ? "Select options" : "Select an option"),
    look, least, chosen, optional: place.optional, put: (items) => put(element, place, many ? items.map((one) => one.raw) : items[0]?.raw ?? null),
  });
}

export function external(element, place) {
  const found = place.value(several(element) ? "selected_options" : "selected_option", several(element) ? "initial_options" : "initial_option");
  const chosen = (several(element) ? found ?? [] : found ? [found] : []).map(choice);
  return chooser(element, place, async (typed) => [{ items: (await place.suggest(typed)).map(choice) }], chosen, element.min_query_length ?? 3);
}

export function people(element, place) {
  const all = Object.entries(place.sight.people).filter(([, one]) => !one.gone).map(([id, one]) => ({ key: id, words: one.name, about: one.handle === one.name ? "" : "@" + one.handle, also: one.handle, raw: id }));
  return known(element, place, all.sort((one, other) => one.words.localeCompare(other.words)), "user");
}

export function conversations(element, place) {
  const kind = element.type.includes("channels") ? "channel" : "conversation";
  const all = place.sight.conversations.filter((one) => one.name).map((one) => ({ key: one.id, words: "#" + one.name, raw: one.id }));
  return known(element, place, all, kind);
}

function known(element, place, all, kind) {
  const end = several(element) ? kind + "s" : kind, now = place.value("selected_" + end, "initial_" + end);
  const ids = several(element) ? now ?? [] : now ? [now] : [];
  const chosen = ids.map((id) => all.find((one) => one.key === id) ?? { key: id, words: place.sight.person(id)?.name ?? id, raw: id });
  return chooser(element, place, (typed) => filtered([{ items: all }], typed), chosen);
}
