"use strict";
(() => {
  const PAPER_WIDTH = 680;
  const root = document.documentElement;
  let places = [...document.querySelectorAll("[data-figure]")];
  const colour = (name) => getComputedStyle(root).getPropertyValue(name).trim();

  const draw = (place, width) => {
    const figure = JSON.parse(document.getElementById(place.dataset.figure).textContent);
    const layout = figure.layout;
    layout.font = { ...layout.font, color: colour("--ink"), family: getComputedStyle(root).fontFamily };
    layout.hoverlabel = { ...layout.hoverlabel, bgcolor: colour("--raised"), bordercolor: colour("--line"), font: { color: colour("--ink") } };
    for (const name of Object.keys(layout).filter((name) => /^[xy]axis/.test(name))) {
      layout[name] = { ...layout[name], gridcolor: colour("--line"), linecolor: colour("--line") };
    }
    for (const trace of figure.data.filter((trace) => trace.type === "heatmap")) { trace.textfont = { color: colour("--ink") }; }
    if (width) { layout.width = width; layout.autosize = false; }
    window.Plotly.react(place, figure.data, layout, { displayModeBar: false, responsive: !width, doubleClick: false });
  };
  const drawAll = (width) => places.forEach((place) => draw(place, width));

  let next = 0;
  const drawNext = () => {
    if (next < places.length) { draw(places[next], 0); next += 1; setTimeout(drawNext, 0); }
  };
  drawNext();
  window.addEventListener("figures", () => { places = [...document.querySelectorAll("[data-figure]")]; next = 0; drawNext(); });
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawAll(0));
  let opened = [];
  const unfold = () => {
    opened = [...document.querySelectorAll("details.rest:not([open])")].filter((rest) => !rest.parentElement.closest("details:not([open])"));
    opened.forEach((rest) => { rest.open = true; });
  };
  window.addEventListener("beforeprint", () => { root.classList.add("printing"); unfold(); next = places.length; drawAll(PAPER_WIDTH); });
  window.addEventListener("afterprint", () => {
    root.classList.remove("printing");
    opened.forEach((rest) => { rest.open = false; });
    drawAll(0);
  });
})();
