// App Home: the app's own page for one person.
import { h, keyed, mark } from "../lib.js";
import { block } from "./blocks.js";
import { deskOf } from "./desk.js";

export function makeHome(win) {
  const blocks = h("div", { class: "blocks" });
  const json = h("button", { type: "button", class: "quiet", hidden: true, onclick: () => win.context.json("Home as the bot drew it", win.screen.home?.body) }, "View JSON");
  const empty = h("p", { class: "soft" }, "One moment: the app draws this page for you.");
  const root = h("div", { class: "home", role: "tabpanel", "aria-label": "Home", tabindex: "0" }, empty, blocks, h("footer", {}, json));
  let shown = "";
  return {
    root,
    update(view) {
      empty.hidden = json.hidden = false;
      empty.hidden = view !== null;
      json.hidden = view === null;
      if (view?.id !== shown) blocks.replaceChildren();
      shown = view?.id ?? "";
      if (view === null) return blocks.replaceChildren();
      const desk = deskOf({ sight: win.sight, context: win.context, kind: "home", id: view.id, values: view.values, root: win.root });
      keyed(blocks, view.body.blocks.map((one, at) => ({ one, at })), ({ at }) => at, ({ one }) => mark([one, win.sight.today]), ({ one }) => h("div", {}, block(one, desk)));
    },
  };
}
