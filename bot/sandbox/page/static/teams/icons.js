// Small pictures of our own, drawn with lines.
const LINES = {
  send: "M3 11.5 20 4l-5 16-3.6-6.6zM11.4 13.4 20 4",
  clip: "m20 11-8.2 8.2a5 5 0 0 1-7-7L13 4a3.3 3.3 0 0 1 4.7 4.7l-8.2 8.2a1.7 1.7 0 0 1-2.4-2.4l7.6-7.5",
  bell: "M5 18h14l-2-3v-4a5 5 0 0 0-10 0v4zM10.5 21h3M12 4v2",
  search: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13m4.7 11.2L20.5 20.5",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  reply: "M10 5 4 11l6 6M4 11h9a7 7 0 0 1 7 7v1",
  back: "m14 5-7 7 7 7",
  plus: "M12 5v14M5 12h14",
  close: "m6 6 12 12M18 6 6 18",
  eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6",
  slash: "M15.5 4.5 8.5 19.5",
  file: "M6 3h8l5 5v13H6zM14 3v5h5",
  hash: "M9.5 4 7.5 20M16.5 4l-2 16M5 9h15M4 15h15",
};
const SVG = "http://www.w3.org/2000/svg";

export function icon(name) {
  const made = document.createElementNS(SVG, "svg"), path = document.createElementNS(SVG, "path");
  for (const [key, value] of Object.entries({ viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true", focusable: "false" })) made.setAttribute(key, value);
  path.setAttribute("d", LINES[name]);
  if (name === "more") path.setAttribute("class", "dots");
  made.append(path);
  return made;
}
