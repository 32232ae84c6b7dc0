// One letter as it is read. Its HTML stands in a frame that runs nothing, fetches nothing and cannot reach this page.
import { attempt, avatar, h, linked, showText, timeOf } from "../lib.js";

const ADDRESS = /(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]'])/u;
const STATES = {
  delivered: "The desk has it.",
  waiting: "It is on its way: the desk did not answer, so it is sent again from time to time.",
  returned: "It came back. The report in the inbox says why.",
};

/** `here`: {context, screen, plain (the plain text is wanted), turn, back, reply}. */
export function drawLetter(one, here) {
  const html = one.html && !here.plain, zone = here.screen.zone;
  const turn = one.html && h("button", { type: "button", data: { turn: "yes" }, onclick: here.turn }, html ? "Plain text" : "As it was made");
  return [
    h("header", { class: "m-head" },
      h("button", { type: "button", class: "m-back", "aria-label": "Letters", onclick: here.back }, "←"),
      h("h3", { tabindex: "-1" }, one.subject),
      h("div", { class: "m-from" }, avatar({ name: one.from.name || one.from.address }, one.from.address), h("div", { class: "m-people" },
        h("p", {}, h("strong", {}, one.from.name || one.from.address), one.from.name && h("span", { class: "m-address" }, one.from.address)),
        h("p", { class: "m-to" }, "to ", one.to.map(named).join(", "), one.cc.length > 0 && `, cc ${one.cc.map(named).join(", ")}`)),
        h("time", { datetime: new Date(one.at * 1000).toISOString() }, timeOf(one.at, zone, true))),
      h("div", { class: "m-tools" }, one.folder === "inbox" && h("button", { type: "button", class: "primary", data: { reply: "yes" }, onclick: here.reply }, "Reply"), turn,
        h("button", { type: "button", onclick: () => attempt(() => source(one)) }, "View source")),
      one.state && h("p", { class: `m-state ${one.state}` }, STATES[one.state])),
    html ? frame(one) : h("div", { class: "m-text", tabindex: "0", data: { message: one.id } }, one.text.split(ADDRESS).map((part, at) => at % 2 ? link(part) : part)),
    one.attachments.length > 0 && h("ul", { class: "m-files", "aria-label": "Files" }, one.attachments.map((file) => h("li", {}, drawFile(file, here.context.file(file.id))))),
  ].filter(Boolean);
}

export function drawFile(file, address) {
  return h("a", { class: "m-file", href: address, download: file.name }, "📎 ", h("span", {}, file.name), h("small", {}, sized(file.size)));
}

function frame(one) {
  return h("iframe", { class: "m-frame", title: `Letter: ${one.subject}`, sandbox: "allow-popups allow-popups-to-escape-sandbox", referrerpolicy: "no-referrer", src: `/letter/${one.id}`, data: { message: one.id } });
}

function link(address) {
  return h("a", { href: linked(address), target: "_blank", rel: "noopener noreferrer" }, address);
}

/** All of the letter as it came over the wire. */
async function source(one) {
  const said = await fetch(`/source/${one.id}`);
  showText("The letter as it came", await said.text());
}

const named = (one) => one.name || one.address;

function sized(bytes) {
  return bytes < 1024 ? `${bytes} B` : bytes < 1048576 ? `${Math.round(bytes / 1024)} kB` : `${(bytes / 1048576).toFixed(1)} MB`;
}
