// The line above a conversation: its name, who is in it, the app's tabs.
import { avatar, h } from "../lib.js";
import { titleOf } from "./list.js";
import { openBox } from "./popup.js";

const TABS = [["home", "Home"], ["messages", "Messages"]];

export function head(win) {
  const back = h("button", { type: "button", class: "back", "aria-label": "Back to the list of conversations", onclick: () => { win.phone = "list"; win.redraw(); } }, "‹");
  const title = h("h3", {}), tabs = h("div", { class: "tabs", role: "tablist", "aria-label": "Pages of the app" });
  const members = h("button", { type: "button", class: "quiet", "aria-haspopup": "dialog", "aria-expanded": "false", onclick: () => openBox(members, roster(win)) });
  tabs.append(...TABS.map(([tab, words]) => h("button", { type: "button", role: "tab", value: tab, onclick: () => win.choosePage(tab), onkeydown: (event) => turn(event, win) }, words)));
  return {
    root: h("header", { class: "head" }, back, title, tabs, members),
    update() {
      const one = win.conversation, app = win.appTab;
      title.textContent = one ? (one.name ? (one.kind === "group" ? "🔒 " : "# ") : "") + titleOf(one, win.screen) : win.screen.app.name;
      tabs.hidden = app === null;
      members.hidden = app !== null || !one;
      if (one) { members.textContent = `👤 ${one.members.length}`; members.setAttribute("aria-label", `${one.members.length} members`); }
      for (const tab of tabs.children) { tab.setAttribute("aria-selected", String(tab.value === app)); tab.tabIndex = tab.value === app ? 0 : -1; }
    },
  };
}

function turn(event, win) {
  if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
  const other = [...event.currentTarget.parentElement.children].find((one) => one !== event.currentTarget);
  win.choosePage(other.value);
  other.focus();
}

function roster(win) {
  const people = win.conversation.members.map((id) => ({ id, ...win.screen.people[id] })).sort((one, other) => one.name.localeCompare(other.name));
  return h("div", { class: "popup roster", role: "dialog", "aria-label": "Members", tabindex: "0" }, people.map((one) => h("p", {}, avatar(one, one.id), h("span", {}, one.name, one.id === win.screen.me && " (you)"))));
}

/** Above the first message of a conversation. */
export function memberLine(conversation, screen) {
  if (!conversation || conversation.app) return `This is between ${screen.app.name} and you. Tell it what is wrong or what you need.`;
  if (!conversation.name) return "This is the beginning of your direct messages.";
  return `This is the beginning of the ${conversation.kind === "group" ? "private " : ""}channel. ${conversation.members.length} members are here.`;
}
