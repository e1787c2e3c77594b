const PATHS = {
  attach: "M20 11.5 12.2 19a4.9 4.9 0 0 1-7-7l8.4-8a3.2 3.2 0 0 1 4.6 4.6l-8.3 7.9a1.6 1.6 0 0 1-2.3-2.2L14.8 7",
  send: "M4 12 20.5 4.5 15 20.5l-3.2-6.7z M11.8 13.8 20.5 4.5",
  menu: "M4 7h16M4 12h16M4 17h11",
  more: "M12 6h.01M12 12h.01M12 18h.01",
  down: "M6 9.5l6 6 6-6",
  keyboard: "M3.5 6.5h17v11h-17z M7 10h.01M10.3 10h.01M13.7 10h.01M17 10h.01M8 14h8",
  photo: "M4 6h16v12H4z M4 15.5l4.5-4.5 4 4 2.5-2.5 5 5 M15.5 9.5h.01",
  file: "M7 3.5h6.5L18 8v12.5H7z M13 3.5V8.5h5",
  pause: "M9 6v12M15 6v12",
  stop: "M7 7h10v10H7z",
  close: "M6 6l12 12M18 6 6 18",
  link: "M8 16 16 8M9.5 8H16v6.5",
  copy: "M9 9h10v10H9z M6 15H5V5h10v1",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8z M4.5 20.5c.8-4 4-6 7.5-6s6.7 2 7.5 6",
  building: "M5 20.5V5.5l7-2.5v17.5 M12 8.5l7 2v10 M3 20.5h18 M8 9h1M8 12.5h1M8 16h1M15 13.5h1M15 17h1",
  search: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13z M15.5 15.5 20 20",
  download: "M12 4v11M7.5 11 12 15.5 16.5 11M5 19.5h14",
};

const SVG = "http://www.w3.org/2000/svg";

/**
 * This function will draw an icon that screen readers pass over.
 *
 * @param {keyof typeof PATHS} name
 * @returns {SVGSVGElement}
 */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
