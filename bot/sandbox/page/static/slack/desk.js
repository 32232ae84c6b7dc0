// What connects drawn blocks with the bot: where they stand, what is in their fields, and what becomes of a press.
import { ask } from "./ask.js";
import { text } from "./blocks.js";

let count = 0;

/** The desk of a message or view: `kind` message | ephemeral | modal | home, its `id`, and for views its `values` and `form`, which keeps what is typed. */
export function deskOf({ sight, context, kind, id, values = {}, form = null, root }) {
  const newId = () => `slack-${++count}`;
  return { sight, newId, place: (block, element, more) => placeOf({ sight, context, kind, id, values, form, root, newId }, block, element, more) };
}

function placeOf(desk, block, element, { input = false, optional = false, field = null }) {
  const { sight, context, kind, id, values, form } = desk;
  const key = { block_id: block.block_id, action_id: element.action_id }, at = newField(desk, element, block);
  const press = (option) => context.act("press", { kind, id, ...key, option: option ?? null });
  const fill = (value) => form.fill(key, value);
  const put = input ? async (value) => { await fill(value); if (block.dispatch_action) await press(value); } : press;
  return {
    sight, input, optional, name: block.block_id, control: `${block.block_id}/${element.action_id}`, field: field ?? at, press, put,
    type: input ? (value) => form.typing(key, value) : () => {},
    fault: (sentence) => form?.fault(block.block_id, sentence),
    value: (name, initial) => values[block.block_id]?.[element.action_id]?.[name] ?? (values[block.block_id] ? null : element[initial] ?? null),
    text: (object) => text(object, sight),
    suggest: async (typed) => (await context.act("suggest", { ...key, typed })).options,
    upload: context.upload,
    confirm: (object) => ask(desk.root, object, sight),
    local: (seconds) => local(seconds, sight.zone),
    seconds: (written) => secondsOf(written, sight.zone),
  };
}

/** An element outside of an input block has no label of its own: its placeholder is its name. */
const newField = (desk, element, block) => ({ id: desk.newId(), name: block.block_id, "aria-label": element.placeholder?.text ?? { datepicker: "Date", timepicker: "Time", datetimepicker: "Date and time" }[element.type] ?? "Choose" });

const local = (seconds, zone) => new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "short" }).format(new Date(seconds * 1000)).replace(" ", "T");

/** The moment at which clocks in the zone show this: first as if it were UTC, then mended by what the zone makes of it. */
function secondsOf(written, zone) {
  const guess = Date.parse(written + "Z") / 1000, shift = (seconds) => Date.parse(local(seconds, zone) + "Z") / 1000 - seconds;
  const first = guess - shift(guess);
  return Math.round(guess - shift(first));
}
