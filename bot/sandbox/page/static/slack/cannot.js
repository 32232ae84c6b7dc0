// A visible word instead of nothing, where something cannot be drawn.
import { h } from "../lib.js";

export const cannot = (thing) => h("p", { class: "cannot", role: "note" }, `“${thing?.type ?? typeof thing}” cannot be drawn here.`);
