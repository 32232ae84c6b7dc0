// What can be pressed, chosen and filled in: https://docs.slack.dev/reference/block-kit/block-elements
//
// Each is drawn from its JSON and a `place`: `press(option)` for what acts at once, `put(value)` for what is chosen or filled in (`null` for nothing),
// `type(value)` for every letter, `value(name, initial)` what is in it now, `field` the attributes that tie it to its label, `fault(sentence)`.
import { attempt, h, linked } from "../lib.js";
import { conversations, external, options, people } from "./choosing.js";
import { link, unescaped } from "./mrkdwn.js";
import { openMenu } from "./popup.js";
import { plain } from "./rich.js";
import { writing } from "./fields.js";

const words = (object) => unescaped(object?.text ?? "");

// ---------------------------------------------------------------- pressing

function button(element, place) {
  const look = ["push", element.style].filter(Boolean).join(" ");
  return h("button", {
    type: "button", class: look, data: { control: place.control }, "aria-label": element.accessibility_label ? `${words(element.text)}: ${unescaped(element.accessibility_label)}` : null,
    onclick: (event) => pressed(event.currentTarget, element, place),
  }, plain(element.text), element.url && h("span", { class: "away", "aria-hidden": "true" }, " ↗"));
}

/** Once at a time; a button with an address also opens it. */
async function pressed(made, element, place, option) {
  if (made.getAttribute("aria-busy") === "true" || (element.confirm && !(await place.confirm(element.confirm)))) return;
  const address = option?.url ?? element.url;
  if (address && /^https?:\/\//i.test(address)) window.open(linked(address), "_blank", "noopener,noreferrer");
  made.setAttribute("aria-busy", "true");
  try { await attempt(() => place.press(option)); }
  finally { made.removeAttribute("aria-busy"); }
}

function overflow(element, place) {
  const made = h("button", { type: "button", class: "push dots", data: { control: place.control }, "aria-label": "More", "aria-haspopup": "menu", "aria-expanded": "false" }, "⋯");
  const entries = element.options.map((one) => ({ words: words(one.text), about: words(one.description), act: () => pressed(made, element, place, one) }));
  made.addEventListener("click", () => openMenu(made, "More", entries));
  return made;
}

function feedback(element, place) {
  const both = [["👍", element.positive_button], ["👎", element.negative_button]];
  return h("span", { class: "feedback" }, both.map(([sign, one]) => h("button", { type: "button", class: "push", "aria-label": words(one.text), onclick: (event) => pressed(event.currentTarget, element, place) }, sign)));
}

function icon(element, place) {
  return h("button", { type: "button", class: "push", "aria-label": words(element.text), title: words(element.text), onclick: (event) => pressed(event.currentTarget, element, place) }, element.icon === "trash" ? "🗑" : words(element.text));
}

// ---------------------------------------------------------------- ticking

function ticked(kind, element, place) {
  const many = kind === "checkbox";
  const now = place.value(many ? "selected_options" : "selected_option", many ? "initial_options" : "initial_option");
  const chosen = many ? now ?? [] : now ? [now] : [];
  const same = (one) => chosen.some((other) => JSON.stringify([other.value, other.text.text]) === JSON.stringify([one.value, one.text.text]));
  const inputs = element.options.map((one, at) => h("input", {
    type: kind, name: many ? `${place.name}` : `${place.name}`, value: one.value ?? String(at), ".checked": same(one), data: { control: `${place.control}/${at}` }, onchange: choose,
  }));
  function choose() {
    const on = element.options.filter((_, at) => inputs[at].checked);
    return confirmed(element, place, many ? on : on[0] ?? null);
  }
  return h("div", { class: "ticks", role: many ? "group" : "radiogroup", "aria-labelledby": place.field["aria-labelledby"], "aria-describedby": place.field["aria-describedby"] },
    element.options.map((one, at) => h("label", { class: "tick" }, inputs[at], h("span", {}, place.text(one.text), one.description && h("small", {}, place.text(one.description))))));
}

async function confirmed(element, place, value) {
  if (!element.confirm || (await place.confirm(element.confirm))) await attempt(() => place.put(value));
}

// ---------------------------------------------------------------- choosing a moment

const moment = (kind, name) => (element, place) => h("input", {
  ...place.field, type: kind, ".value": place.value(name, "initial_" + name.replace("selected_", "")) ?? "", data: { control: place.control }, onchange: (event) => confirmed(element, place, event.target.value || null),
});

/** `datetime-local` knows no zone: what is shown is the office's time, as Slack shows that of the person. */
function dateAndTime(element, place) {
  const at = place.value("selected_date_time", "initial_date_time");
  return h("input", { ...place.field, type: "datetime-local", ".value": at ? place.local(at) : "", data: { control: place.control }, onchange: (event) => confirmed(element, place, event.target.value ? place.seconds(event.target.value) : null) });
}

// ---------------------------------------------------------------- files and pictures

function file(element, place) {
  const chosen = h("ul", { class: "chosen" });
  const input = h("input", { ...place.field, type: "file", multiple: (element.max_files ?? 10) > 1, accept: element.filetypes?.map((one) => "." + one).join(",") ?? null, onchange: () => attempt(take) });
  async function take() {
    const given = [...input.files].slice(0, element.max_files ?? 10);
    chosen.replaceChildren(...given.map((one) => h("li", {}, one.name)));
    await place.put(await Promise.all(given.map((one) => place.upload(one))));
  }
  return h("div", {}, input, chosen);
}

/** A picture that the workspace has. One from elsewhere is not fetched: no request leaves this machine. */
export function picture(element, sight, look = "picture") {
  const kept = element.slack_file, id = kept?.id ?? /-(F\w+)\//.exec(kept?.url ?? "")?.[1];
  const address = id ? sight.file(id) : element.image_url?.startsWith(location.origin + "/") || element.image_url?.startsWith("data:") ? element.image_url : null;
  if (address) return h("img", { class: look, src: address, alt: unescaped(element.alt_text ?? ""), loading: "lazy" });
  return h("span", { class: "elsewhere" }, "🖼 ", link(element.image_url ?? "", unescaped(element.alt_text || "A picture from elsewhere")));
}

/** Every element by its type. */
export const ELEMENTS = {
  button,
  workflow_button: button,
  overflow,
  feedback_buttons: feedback,
  icon_button: icon,
  image: (element, place) => picture(element, place.sight, "thumb"),
  static_select: options,
  multi_static_select: options,
  external_select: external,
  multi_external_select: external,
  users_select: people,
  multi_users_select: people,
  conversations_select: conversations,
  multi_conversations_select: conversations,
  channels_select: conversations,
  multi_channels_select: conversations,
  checkboxes: (element, place) => ticked("checkbox", element, place),
  radio_buttons: (element, place) => ticked("radio", element, place),
  datepicker: moment("date", "selected_date"),
  timepicker: moment("time", "selected_time"),
  datetimepicker: dateAndTime,
  plain_text_input: writing,
  email_text_input: writing,
  url_text_input: writing,
  number_input: writing,
  rich_text_input: writing,
  file_input: file,
};
