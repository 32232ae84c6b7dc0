// What all parts of the page share. Nothing here ever reads text as HTML: all that comes from people or from the bot becomes text nodes.

/** An element: `props` are attributes, on* listeners, class, dataset (data), style properties (style), and properties that begin with a dot. */
export function h(tag, props = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name.startsWith(".")) made[name.slice(1)] = value;
    else if (name === "data") Object.assign(made.dataset, value);
    else if (name === "style") for (const [key, one] of Object.entries(value)) made.style.setProperty(key, one);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat(Infinity).filter((one) => one !== null && one !== undefined && one !== false));
  return made;
}

/** Makes the children of `parent` those of `items`: what has the same key and the same version stays as it is, with its focus and scroll. */
export function keyed(parent, items, key, version, make) {
  const old = new Map([...parent.children].map((one) => [one.dataset.key, one]));
  let at = parent.firstChild;
  for (const item of items) {
    const name = String(key(item)), stamp = String(version(item));
    let made = old.get(name);
    if (!made || made.dataset.version !== stamp) {
      const before = made;
      made = make(item, before);
      made.dataset.key = name;
      made.dataset.version = stamp;
      if (before) { before.replaceWith(made); if (at === before) at = made; }
    }
    old.delete(name);
    if (made === at) at = at.nextSibling;
    else parent.insertBefore(made, at);
  }
  for (const gone of old.values()) gone.remove();
}

export class Refused extends Error {}

/** An act; resolves with the answer's JSON, rejects with `Refused` and the sentence that the person's own window would show. */
export async function post(path, body = {}) {
  const said = await fetch(path, { method: "POST", headers: { "X-Deskbell-Page": "1", "Content-Type": "application/json" }, body: JSON.stringify(body) });
  if (said.status === 409) throw new Refused((await said.json()).refused);
  if (!said.ok) throw new Refused("The sandbox does not answer as it should (" + said.status + "). Is it still running?");
  return said.json();
}

export async function get(path) {
  const said = await fetch(path);
  if (!said.ok) throw new Refused("The sandbox does not answer as it should (" + said.status + "). Is it still running?");
  return said.json();
}

/** Gives a file of somebody to the platform; its id there. */
export async function upload(chat, who, file) {
  const path = `/file/${chat}/${who}?name=${encodeURIComponent(file.name)}`;
  const said = await fetch(path, { method: "POST", headers: { "X-Deskbell-Page": "1", "Content-Type": file.type || "application/octet-stream" }, body: file });
  if (!said.ok) throw new Refused("The file could not be taken.");
  return (await said.json()).file;
}

/** A short sentence that goes away by itself. */
export function note(words) {
  const made = h("p", { class: "note" }, words);
  document.getElementById("notes").append(made);
  setTimeout(() => made.remove(), 6000);
}

/** Runs an act of the page; a refusal becomes a note. True if it was done. */
export async function attempt(work) {
  try { await work(); return true; }
  catch (why) { note(why instanceof Refused ? why.message : "That did not work: " + why); return false; }
}

/** A dialog with the JSON that the bot sent or that a platform keeps. */
export function showJson(title, thing) { showText(title, JSON.stringify(thing, null, 2)); }

/** The same with any text as it is. */
export function showText(title, text) {
  const made = h("dialog", { class: "json", "aria-label": title },
    h("header", {}, h("h2", {}, title), h("button", { type: "button", onclick: () => made.close(), "aria-label": "Close" }, "×")),
    h("pre", { tabindex: "0" }, text));
  made.addEventListener("close", () => made.remove());
  made.addEventListener("click", (event) => { if (event.target === made) made.close(); });
  document.body.append(made);
  made.showModal();
}

/** "10:02" or "Mon 16 Nov, 10:02" of seconds since 1970, in the office's zone. */
export function timeOf(seconds, zone, long = false) {
  const options = { timeZone: zone, hour: "2-digit", minute: "2-digit", hour12: false };
  if (long) Object.assign(options, { weekday: "short", day: "numeric", month: "short" });
  return new Intl.DateTimeFormat("en-GB", options).format(new Date(seconds * 1000));
}

/** A short mark of any JSON, to see whether it changed. */
export function mark(thing) {
  const text = JSON.stringify(thing) ?? "";
  let sum = 5381;
  for (let at = 0; at < text.length; at++) sum = ((sum * 33) ^ text.charCodeAt(at)) >>> 0;
  return text.length + "." + sum.toString(36);
}

/** Two letters and a colour for somebody without a picture. */
export function avatar(person, id) {
  const letters = (person?.name ?? "?").split(/\s+/).map((one) => one[0]).slice(0, 2).join("").toUpperCase();
  let sum = 0;
  for (const letter of id ?? "") sum = (sum * 31 + letter.charCodeAt(0)) % 360;
  return h("span", { class: person?.bot ? "avatar bot" : "avatar", "aria-hidden": "true", style: { "--hue": String(sum) } }, person?.bot ? "🛎" : letters);
}

const places = { from: "", to: "" };

/** The bot's made-up address on the web, and where it is on this machine. */
export function leads(links) { Object.assign(places, links); }

/** Where a link leads on this machine. All but those of the bot are as they are. */
export function linked(url) {
  return places.from && url.startsWith(places.from + "/") ? places.to + url.slice(places.from.length) : url;
}

/** A picture of a card by its address: this page fetches nothing from elsewhere, so it is shown as the platform has fetched it. */
export function pictured(url) {
  return url.startsWith("data:") ? url : "/picture?url=" + encodeURIComponent(url);
}
