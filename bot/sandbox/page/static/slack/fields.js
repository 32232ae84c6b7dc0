// Fields to type into, and what Slack's own client says about what was typed.
import { h } from "../lib.js";
import { unescaped } from "./mrkdwn.js";

const KINDS = { email_text_input: "email", url_text_input: "url", number_input: "text", plain_text_input: "text" };
const NUMBER = /^-?\d+(\.\d+)?$/;

export function writing(element, place) {
  const long = element.multiline || element.type === "rich_text_input";
  const made = h(long ? "textarea" : "input", {
    ...place.field, ...(long ? { rows: "4" } : { type: KINDS[element.type] }), inputmode: element.type === "number_input" ? "decimal" : null, autocomplete: "off",
    placeholder: element.placeholder ? unescaped(element.placeholder.text) : null, ".value": begun(element, place), data: { control: place.control },
    oninput: () => take((value) => place.type(value)), onchange: () => take((value) => place.put(value), true),
  });
  /** Only what the client takes goes further; while it is being typed, nobody is told that it is not finished. */
  function take(give, say = false) {
    const wrong = faultOf(element, made.value);
    if (say || !wrong) place.fault(wrong);
    if (!wrong) give(made.value === "" ? null : made.value);
  }
  made.faultNow = () => faultOf(element, made.value);
  return h("div", { class: "typed" }, made, element.max_length && element.multiline ? counter(made, element.max_length) : null);
}

function begun(element, place) {
  if (element.type !== "rich_text_input") return place.value("value", "initial_value") ?? "";
  const rich = place.value("rich_text_value", "initial_value");
  return rich ? rich.elements.map((group) => (group.elements ?? []).map((one) => one.text ?? one.url ?? "").join("")).join("\n") : "";
}

/** How many characters are left, once few are. */
function counter(made, most) {
  const left = h("small", { class: "left", "aria-live": "polite" });
  const count = () => { const rest = most - [...made.value].length; left.textContent = rest <= 100 ? String(rest) : ""; left.classList.toggle("over", rest < 0); };
  made.addEventListener("input", count);
  count();
  return left;
}

/** What is wrong with what was typed, "" if nothing is. An empty field is the server's business: it knows whether it must be filled. */
export function faultOf(element, text) {
  const size = [...text].length, most = element.max_length ?? 3000;
  if (text === "") return "";
  if (size > most) return `Please use at most ${most} characters (${size} now).`;
  if (size < (element.min_length ?? 0)) return `Please use at least ${element.min_length} characters.`;
  if (element.type === "email_text_input" && !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(text)) return "Please enter an e-mail address, like name@example.com.";
  if (element.type === "url_text_input" && !/^\w+:\/\/\S+$/.test(text)) return "Please enter an address, like https://example.com.";
  return element.type === "number_input" ? numberFault(element, text) : "";
}

function numberFault(element, text) {
  if (!NUMBER.test(text)) return "Please enter a number, like 12 or 4.5.";
  if (!element.is_decimal_allowed && text.includes(".")) return "Please enter a whole number.";
  if (element.min_value !== undefined && Number(text) < Number(element.min_value)) return `Please enter ${element.min_value} or more.`;
  if (element.max_value !== undefined && Number(text) > Number(element.max_value)) return `Please enter ${element.max_value} or less.`;
  return "";
}
