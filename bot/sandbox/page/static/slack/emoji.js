// Emoji by the names that Slack gives them: those that people at work reach for.
const TABLE = `
smile 😄, grinning 😀, smiley 😃, grin 😁, joy 😂, rofl 🤣, slightly_smiling_face 🙂, upside_down_face 🙃, wink 😉, blush 😊, heart_eyes 😍,
thinking_face 🤔, neutral_face 😐, expressionless 😑, unamused 😒, face_with_rolling_eyes 🙄, grimacing 😬, relieved 😌, sleeping 😴, sunglasses 😎,
nerd_face 🤓, confused 😕, worried 😟, slightly_frowning_face 🙁, open_mouth 😮, astonished 😲, flushed 😳, fearful 😨, cold_sweat 😰, cry 😢, sob 😭,
scream 😱, weary 😩, tired_face 😫, triumph 😤, rage 😡, angry 😠, exploding_head 🤯, partying_face 🥳, hugging_face 🤗, shushing_face 🤫, zipper_mouth_face 🤐,
mask 😷, wave 👋, raised_hand ✋, ok_hand 👌, v ✌️, crossed_fingers 🤞, point_left 👈, point_right 👉, point_up ☝️, point_down 👇, +1 👍, -1 👎, fist ✊,
clap 👏, raised_hands 🙌, pray 🙏, handshake 🤝, muscle 💪, eyes 👀, brain 🧠, shrug 🤷, facepalm 🤦, bow 🙇, runner 🏃, heart ❤️, broken_heart 💔,
orange_heart 🧡, yellow_heart 💛, green_heart 💚, blue_heart 💙, purple_heart 💜, 100 💯, boom 💥, sweat_drops 💦, dash 💨, zzz 💤, speech_balloon 💬,
white_check_mark ✅, heavy_check_mark ✔️, ballot_box_with_check ☑️, x ❌, negative_squared_cross_mark ❎, question ❓, exclamation ❗, bangbang ‼️,
warning ⚠️, no_entry ⛔, no_entry_sign 🚫, sos 🆘, recycle ♻️, new 🆕, free 🆓, up 🆙, ok 🆗, information_source ℹ️, red_circle 🔴, large_orange_circle 🟠,
large_yellow_circle 🟡, large_green_circle 🟢, large_blue_circle 🔵, white_circle ⚪, black_circle ⚫, arrow_right ➡️, arrow_left ⬅️, arrow_up ⬆️, arrow_down ⬇️,
arrows_counterclockwise 🔄, hourglass ⌛, hourglass_flowing_sand ⏳, watch ⌚, alarm_clock ⏰, stopwatch ⏱️, calendar 📆, date 📅, spiral_calendar_pad 🗓️,
bell 🔔, no_bell 🔕, bellhop_bell 🛎️, mega 📣, loudspeaker 📢, ticket 🎫, admission_tickets 🎟️, tada 🎉, gift 🎁, trophy 🏆, star ⭐, sparkles ✨, fire 🔥,
zap ⚡, bulb 💡, flashlight 🔦, electric_plug 🔌, battery 🔋, computer 💻, desktop_computer 🖥️, keyboard ⌨️, printer 🖨️, phone ☎️, iphone 📱, camera 📷,
satellite_antenna 📡, floppy_disk 💾, cd 💿, wrench 🔧, hammer 🔨, hammer_and_wrench 🛠️, nut_and_bolt 🔩, gear ⚙️, toolbox 🧰, broom 🧹, lock 🔒, unlock 🔓,
key 🔑, door 🚪, chair 🪑, couch_and_lamp 🛋️, toilet 🚽, shower 🚿, potable_water 🚰, thermometer 🌡️, snowflake ❄️, sunny ☀️, cloud ☁️, umbrella ☔, rain_cloud 🌧️,
office 🏢, house 🏠, construction 🚧, truck 🚚, car 🚗, airplane ✈️, rocket 🚀, package 📦, inbox_tray 📥, outbox_tray 📤, email 📧, envelope ✉️, memo 📝,
pencil ✏️, pencil2 ✏️, paperclip 📎, pushpin 📌, link 🔗, scissors ✂️, file_folder 📁, page_facing_up 📄, clipboard 📋, bar_chart 📊, chart_with_upwards_trend 📈,
chart_with_downwards_trend 📉, moneybag 💰, dollar 💵, credit_card 💳, receipt 🧾, mag 🔍, book 📖, books 📚, newspaper 📰, coffee ☕, tea 🍵, pizza 🍕, cake 🍰,
beer 🍺, apple 🍎, bug 🐛, ant 🐜, mouse 🐭, dog 🐶, cat 🐱, robot_face 🤖, ghost 👻, wheelchair ♿, seedling 🌱, herb 🌿, earth_africa 🌍, moon 🌙, rainbow 🌈`;

const KNOWN = new Map(TABLE.split(",").map((one) => one.trim().split(/\s+/)));
const ALSO = { thumbsup: "+1", thumbsdown: "-1", simple_smile: "slightly_smiling_face", thinking: "thinking_face", hug: "hugging_face", telephone: "phone" };

/** What people most often put on a message here. */
export const USUAL = ["ticket", "+1", "eyes", "white_check_mark", "heart"];

/** The sign of a name; null where there is none, as for emoji that a workspace made itself. */
export function emoji(name) {
  const bare = name.split("::")[0];
  return KNOWN.get(ALSO[bare] ?? bare) ?? null;
}

/** Up to `most` [name, sign] for what was typed so far: names that begin so come before names that have it inside. */
export function emojiLike(typed, most = 8) {
  const begin = [], inside = [];
  for (const [name, sign] of KNOWN) {
    if (name.startsWith(typed)) begin.push([name, sign]);
    else if (name.includes(typed)) inside.push([name, sign]);
  }
  return [...begin, ...inside].slice(0, most);
}
