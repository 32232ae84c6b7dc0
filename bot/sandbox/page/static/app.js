// The shell: who sits before each window, the clock, the switches, and word of every change.
import { attempt, get, h, leads, note, post, showJson, timeOf, upload } from "./lib.js";
import * as mail from "./mail/window.js";
import * as slack from "./slack/window.js";
import * as teams from "./teams/window.js";
import * as tour from "./tour.js";

const CHATS = {
  slack: { title: "Slack", mount: slack.mount, first: "ana", people: () => about.people },
  teams: { title: "Teams", mount: teams.mount, first: "bob", people: () => about.people },
  mail: { title: "Mail", mount: mail.mount, first: "joe@sparks.example", people: () => about.mailboxes },
};
const SHARED = ["teams", "mail"]; // they share a place where there is none for three
const MOVES = [["+1 h", "+1h"], ["+4 h", "+4h"], ["Next 9:00", "09:00"], ["Next Monday 9:00", "mon 09:00"]];
const TROUBLES = [["down", "is down"], ["busy", "says “too many requests”"], ["twice", "sends everything twice"]];
const GREYLISTED = "says “try again later”";

const panes = {};
let about = null;

class Pane {
  constructor(chat) {
    this.chat = chat;
    this.root = document.getElementById(chat);
    this.body = h("div", { class: "window" });
    this.pick = h("select", { "aria-label": `Who you are in ${CHATS[chat].title}`, onchange: () => this.become(this.pick.value) });
    this.root.append(h("header", { class: "seat" }, this.heads(), h("label", {}, "You are ", this.pick)), this.body);
    this.wanted = false;
    this.busy = false;
  }

  /** Its name, and a button for whatever shares its place. */
  heads() {
    const title = h("h2", {}, CHATS[this.chat].title);
    if (!SHARED.includes(this.chat)) return title;
    return h("div", { class: "heads" }, SHARED.map((one) => one === this.chat ? title : h("button", { type: "button", class: "other", data: { shows: one }, onclick: () => show(one) }, CHATS[one].title)));
  }

  begin() {
    const here = CHATS[this.chat].people().filter((one) => one.chats.includes(this.chat)), groups = new Map(here.map((one) => [one.group, []]));
    for (const one of here) groups.get(one.group).push(h("option", { value: one.handle }, one.does ? `${one.name} · ${one.does}` : one.name));
    this.pick.replaceChildren(h("option", { value: "", hidden: true }, "Choose somebody"), ...[...groups].map(([label, options]) => h("optgroup", { label }, options)));
    const asked = new URLSearchParams(location.search).get(this.chat) ?? localStorage.getItem("deskbell:" + this.chat);
    return this.become([asked, CHATS[this.chat].first].find((who) => this.person(who)) ?? here[0].handle);
  }

  /** Another person sits down before this window. */
  async become(who) {
    const person = this.person(who), here = person.chats.includes(this.chat);
    this.who = who;
    this.pick.value = here ? who : "";
    localStorage.setItem("deskbell:" + this.chat, who);
    this.body.replaceChildren();
    this.shown = here ? CHATS[this.chat].mount(this.body, this.context(who)) : null;
    if (here) await this.look();
    else this.body.append(this.absent(person));
  }

  person(who) { return CHATS[this.chat].people().find((one) => one.handle === who); }

  absent(person) {
    const choose = h("button", { type: "button", class: "primary", onclick: () => { this.pick.focus(); this.pick.showPicker?.(); } }, "Choose somebody");
    return h("div", { class: "absent" }, h("p", {}, `${person.name} has no account in ${CHATS[this.chat].title} here.`), choose);
  }

  /** Shows a conversation by its name; "dm" is the one with the app. Names that are not there change nothing. */
  go(name) { this.shown?.go?.(name); }

  /** What a window may use. */
  context(who) {
    const chat = this.chat, at = encodeURIComponent(who);
    return {
      chat, who,
      get about() { return about; },
      act: (deed, values = {}) => post(`/do/${chat}/${at}/${deed}`, values),
      upload: (file) => upload(chat, at, file),
      file: (id) => `/file/${chat}/${id}`,
      look: () => this.look(),
      json: showJson,
      count: (unread) => badge(chat, unread),
    };
  }

  /** Looks at the platform again. While one look is under way, at most one more is waiting. */
  async look() {
    if (!this.shown) return;
    if (this.busy) { this.wanted = true; return; }
    this.busy = true;
    try {
      const who = this.who, screen = await get(`/screen/${this.chat}/${encodeURIComponent(who)}`);
      if (who === this.who) this.shown?.update(screen);
    } finally { this.busy = false; }
    if (this.wanted) { this.wanted = false; await this.look(); }
  }
}

function bar() {
  const clock = h("time", { id: "clock" });
  const theme = h("button", { type: "button", id: "theme", onclick: () => dress(document.documentElement.dataset.theme === "dark" ? "light" : "dark") }, "Dark or light");
  const moves = MOVES.map(([label, to]) => h("button", { type: "button", onclick: () => attempt(() => post("/control/clock", { to })) }, label));
  const troubles = h("details", { id: "troubles" }, h("summary", {}, "Trouble"), h("div", { class: "sheet" }));
  document.getElementById("bar").append(
    h("h1", {}, h("img", { src: "/static/bell.svg", alt: "" }), h("span", { id: "name" })),
    h("div", { class: "clock" }, clock, h("div", { class: "moves", role: "group", "aria-label": "Move the office's clock" }, moves)),
    h("div", { class: "tools" }, troubles, theme));
}

function troubles() {
  const sheet = document.querySelector("#troubles .sheet");
  const on = Object.values(about.trouble).some((one) => Object.values(one).some(Boolean));
  document.getElementById("troubles").classList.toggle("on", on);
  sheet.replaceChildren(...about.chats.flatMap((chat) => TROUBLES.map(([kind, words]) => h("label", {},
    h("input", { type: "checkbox", ".checked": about.trouble[chat][kind], onchange: (event) => attempt(() => post("/control/trouble", { chat, kind, on: event.target.checked })) }),
    `${CHATS[chat].title} ${chat === "mail" && kind === "busy" ? GREYLISTED : words}`))));
}

function dress(theme) {
  document.documentElement.dataset.theme = theme;
  localStorage.setItem("deskbell:theme", theme);
}

/** On a narrow screen this window alone; on a wider one, of those that share a place this one. */
function show(name) {
  const held = document.activeElement?.matches(".other");
  document.body.dataset.tab = name;
  if (SHARED.includes(name)) document.body.dataset.beside = name;
  for (const one of document.querySelectorAll("#tabs button")) one.setAttribute("aria-pressed", String(one.value === name));
  if (SHARED.includes(name)) for (const one of Object.values(panes)) one.look();
  if (held) document.querySelector(`#${name} .other`)?.focus();
}

/** How many are unread in a window, told where one can go there. */
function badge(chat, unread) {
  for (const one of document.querySelectorAll(`[data-shows="${chat}"], #tabs button[value="${chat}"]`)) {
    one.dataset.unread = unread > 99 ? "99+" : unread || "";
    one.setAttribute("aria-label", unread ? `${CHATS[chat].title}, ${unread} unread` : CHATS[chat].title);
  }
}

function tabs() {
  const made = [["slack", "Slack"], ["teams", "Teams"], ["mail", "Mail"], ["tour", "Tour"]].filter(([name]) => name === "tour" ? about.tour.length : about.chats.includes(name)).map(([name, label]) => h("button", { type: "button", value: name, onclick: () => show(name) }, label));
  document.getElementById("tabs").append(...made);
  document.body.dataset.beside = about.chats.includes("teams") ? "teams" : "mail";
  show("slack");
}

async function refresh() {
  about = await get("/about");
  document.getElementById("name").textContent = about.office.name;
  document.getElementById("clock").textContent = timeOf(Date.parse(about.now) / 1000, about.office.zone, true);
  troubles();
  tour.update(about);
  await Promise.all(Object.values(panes).map((one) => one.look()));
}

function follow() {
  const source = new EventSource("/changes");
  let lost = false;
  source.onmessage = () => { if (lost) { lost = false; note("Connected again."); } attempt(refresh); };
  source.onerror = () => { if (!lost) { lost = true; note("The sandbox does not answer. This page looks for it again and again."); } };
}

/** Somebody sits down before a window and looks at a conversation. */
async function seat(chat, who, where) {
  if (panes[chat].who !== who) await panes[chat].become(who);
  panes[chat].go(where);
  document.querySelector(`#tabs button[value="${chat}"]`)?.click();
}

/** What the page begins with, as soon as the bot is there. */
async function started() {
  for (;;) {
    try { return await get("/about"); }
    catch { document.body.dataset.waiting = "yes"; await new Promise((done) => setTimeout(done, 500)); }
  }
}

async function begin() {
  dress(localStorage.getItem("deskbell:theme") ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"));
  bar();
  about = await started();
  delete document.body.dataset.waiting;
  leads(about.links);
  tabs();
  document.getElementById("teams").hidden = !about.chats.includes("teams");
  for (const chat of about.chats) panes[chat] = new Pane(chat);
  tour.mount(document.getElementById("tour"), { get about() { return about; }, seat, act: (name, values) => post("/control/" + name, values) });
  await Promise.all(Object.values(panes).map((one) => one.begin()));
  await refresh();
  follow();
  document.body.dataset.ready = "yes";
  setInterval(() => { if (!document.hidden) attempt(async () => { about = await get("/about"); document.getElementById("clock").textContent = timeOf(Date.parse(about.now) / 1000, about.office.zone, true); }); }, 30000);
}

attempt(begin);
