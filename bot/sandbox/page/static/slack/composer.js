// Where one writes: words, files, commands and shortcuts.
import { attempt, h, Refused } from "../lib.js";
import { completion } from "./complete.js";
import { openMenu } from "./popup.js";

const LARGEST = 20 * 2 ** 20;

/** The composer of a conversation or thread; `name` is that of its field. What is not sent yet is kept in this browser. */
export function makeComposer(win, name, where) {
  const field = h("textarea", { name, rows: "1", oninput: typed, onkeydown: keys, onpaste: (event) => takeFrom(event, event.clipboardData) });
  const attached = h("ul", { class: "attached", "aria-label": "Files to send" });
  const hint = h("p", { class: "usage", hidden: true });
  const pick = h("input", { type: "file", multiple: true, hidden: true, "aria-label": "Files", onchange: () => { attempt(() => take([...pick.files])); pick.value = ""; } });
  const plus = h("button", { type: "button", class: "plus", "aria-label": "Attach files and shortcuts", title: "Attach files and shortcuts", "aria-haspopup": "menu", "aria-expanded": "false", onclick: () => openMenu(plus, "Attach files and shortcuts", entries()) }, "+");
  const send = h("button", { type: "button", class: "send", "aria-label": "Send", title: "Send (Enter)", onclick: sendIt }, "➤");
  const complete = completion(field, sources);
  const root = h("div", { class: "composer", ondragover: over, ondragleave: () => root.classList.remove("over"), ondrop: dropped }, complete.list, hint, attached, h("div", { class: "line" }, plus, field, send), pick);
  let files = [], place = null;
  return { root, open, focus: () => field.focus() };

  /** Another conversation or thread: its own draft. */
  function open(label) {
    const now = where(), key = `deskbell:slack:draft:${win.context.who}:${now.conversation}${now.thread ? "/" + now.thread : ""}`;
    field.setAttribute("aria-label", label);
    field.placeholder = label;
    if (key === place) return;
    place = key;
    files = [];
    field.value = localStorage.getItem(key) ?? "";
    complete.shut();
    grown();
    attach();
  }

  function typed() {
    if (field.value) localStorage.setItem(place, field.value);
    else localStorage.removeItem(place);
    grown();
  }

  function grown() {
    field.style.setProperty("height", "auto");
    field.style.setProperty("height", `${Math.min(field.scrollHeight, 180)}px`);
    const command = win.context.about.commands.find((one) => field.value.startsWith(one.command + " "));
    hint.hidden = !command;
    hint.textContent = command ? `${command.command} ${command.hint}` : "";
    send.disabled = !field.value.trim() && !files.length;
  }

  function keys(event) {
    if (complete.keys(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); sendIt(); }
    else if (event.key === "ArrowUp" && !field.value) { if (win.editLast(where())) event.preventDefault(); }
  }

  async function sendIt() {
    const text = field.value, sent = files, from = place;
    if ((!text.trim() && !sent.length) || sent.some((one) => !one.id)) return;
    field.value = "";
    files = [];
    typed();
    attach();
    complete.shut();
    field.focus();
    const done = await attempt(async () => win.context.act("say", { ...(await win.placeOf(where())), text, files: sent.map((one) => one.id) }));
    if (!done && from === place && !field.value && !files.length) { field.value = text; files = sent; typed(); attach(); }
  }

  // -------------------------------------------------------------- files

  function over(event) {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    root.classList.add("over");
  }

  function dropped(event) {
    root.classList.remove("over");
    takeFrom(event, event.dataTransfer);
  }

  function takeFrom(event, data) {
    if (!data?.files.length) return;
    event.preventDefault();
    attempt(() => take([...data.files]));
  }

  async function take(given) {
    const added = given.slice(0, 10 - files.length).map((file) => ({ name: file.name, id: null, file }));
    files = [...files, ...added];
    attach();
    await Promise.all(added.map((one) => attempt(() => sendUp(one))));
    attach();
  }

  async function sendUp(one) {
    try {
      if (one.file.size > LARGEST) throw new Refused(`${one.name} is too big: files of up to 20 MB can be tried here.`);
      one.id = await win.context.upload(one.file);
    } catch (why) {
      files = files.filter((other) => other !== one);
      throw why;
    }
  }

  function attach() {
    attached.replaceChildren(...files.map((one) => h("li", {}, one.name, !one.id && h("small", {}, " …"), h("button", { type: "button", "aria-label": `Remove ${one.name}`, onclick: () => { files = files.filter((other) => other !== one); attach(); field.focus(); } }, "×"))));
    grown();
  }

  // -------------------------------------------------------------- beside writing

  function entries() {
    const { commands, shortcuts } = win.context.about;
    const global = shortcuts.filter((one) => one.kind === "global").map((one) => ({ words: one.name, about: win.screen.app.name, sign: "⚡", act: () => attempt(() => win.context.act("shortcut", { callback_id: one.id })) }));
    const typing = where().thread ? [] : commands.map((one) => ({ words: one.command, about: one.about, sign: "/", act: () => begin(one.command + " ") }));
    return [{ words: "Attach files", about: "Or drop or paste them", sign: "📎", act: () => pick.click() }, ...(global.length ? [null, ...global] : []), ...(typing.length ? [null, ...typing] : [])];
  }

  function begin(text) {
    field.value = text + field.value.replace(/^\/\S*\s*/, "");
    typed();
    field.focus();
  }

  function sources() {
    const { screen } = win, here = new Set(screen.conversations.find((one) => one.id === where().conversation)?.members ?? []);
    const all = Object.entries(screen.people).filter(([id, one]) => !one.gone && id !== screen.me && one.handle !== "slackbot").map(([id, one]) => ({ id, ...one, here: here.has(id) }));
    const people = all.sort((one, other) => other.here - one.here || other.bot - one.bot || one.name.localeCompare(other.name));
    return { people, channels: screen.conversations.filter((one) => one.kind === "channel" || one.kind === "group"), commands: where().thread ? [] : win.context.about.commands };
  }
}
