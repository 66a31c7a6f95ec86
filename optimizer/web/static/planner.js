"use strict";
(() => {
  const secret = document.querySelector("meta[name=form-secret]").content;
  const main = document.getElementById("main");
  const told = document.getElementById("told");
  const say = (words) => { told.textContent = words; };
  const figures = () => window.dispatchEvent(new Event("figures"));

  // Sliders beside the numbers; the number is what the form sends.
  const slide = (root) => {
    for (const field of root.querySelectorAll("input[data-slider]")) {
      if (field.nextElementSibling) { continue; }
      const slider = document.createElement("input");
      Object.assign(slider, { type: "range", min: 0, max: Math.max(10, Math.min(100, 2.5 * Number(field.value) || 10)), step: 0.1, value: field.value });
      slider.setAttribute("aria-label", `${field.getAttribute("aria-label")}, slider`);
      slider.addEventListener("input", () => { field.value = slider.value; });
      slider.addEventListener("change", () => field.dispatchEvent(new Event("change", { bubbles: true })));
      field.addEventListener("input", () => { slider.value = field.value; });
      field.after(slider);
    }
  };

  // A form that is sent as it changes; only the result is replaced, so that what is being typed stays.
  let sending = null;
  const send = async (form) => {
    const result = document.getElementById("result");
    sending?.abort();
    const mine = sending = new AbortController();
    result?.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), signal: mine.signal });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const next = page.getElementById("result");
      if (next && result) {
        result.replaceWith(next);
        fresh(form, page);
        say("");
        figures();
        load(next);
      } else if (page.querySelector("[data-job]")) {
        location.assign(answer.url);
      } else {
        say([...page.querySelectorAll("main h1, main [role=alert] p, main [role=alert] li")].map((each) => each.textContent.trim()).join(" "));
        result?.setAttribute("aria-busy", "false");
      }
    } catch (error) {
      if (error.name !== "AbortError") { say("The planner does not answer. Is it still running?"); result?.setAttribute("aria-busy", "false"); }
    }
  };
  // What the answer says of fields that nobody is in, such as the total of a whole or a band that moved along.
  const fresh = (form, page) => {
    const other = page.querySelector("form[data-live]");
    if (!other) { return; }
    const names = (each) => [...each.elements].map((field) => field.name).join();
    if (names(form) !== names(other) && !form.contains(document.activeElement)) { form.replaceWith(other); slide(other); return; }
    for (const field of form.elements) {
      const new_ = field.name && field.type !== "checkbox" && field.type !== "hidden" && other.elements.namedItem(field.name);
      if (new_ && field !== document.activeElement) {
        field.value = new_.value;
        const slider = field.nextElementSibling;
        if (slider?.type === "range" && slider !== document.activeElement) { slider.value = new_.value; }
      }
    }
    const shown = [...other.querySelectorAll("output")];
    [...form.querySelectorAll("output")].forEach((each, place) => { each.textContent = shown[place]?.textContent ?? ""; });
  };
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-live]");
    if (form && !event.target.hasAttribute("data-not-live") && event.target.name && event.target.name !== "new-kind" && event.target.name !== "new-account") { send(form); }
  });
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-live]");
    if (form) { event.preventDefault(); send(form); }
  });

  // Parts that take longer come after the page.
  const load = async (root) => {
    for (const link of root.querySelectorAll("a[data-load]")) {
      const place = document.getElementById(link.dataset.load);
      for (let attempt = 0; place && place.isConnected && attempt < 60; attempt += 1) {
        const answer = await fetch(link.href);
        const part = new DOMParser().parseFromString(await answer.text(), "text/html");
        const section = part.querySelector("section:not(.waiting)");
        if (section) { place.replaceChildren(section); figures(); break; }
        if (!part.querySelector("[data-job]")) { break; }
        await new Promise((done) => setTimeout(done, 700));
      }
    }
  };

  // Waiting: ask how far it is, then show the answer.
  const watch = async () => {
    const place = document.querySelector(".waiting[data-job]");
    if (!place) { return; }
    const bar = place.querySelector("progress");
    for (;;) {
      await new Promise((done) => setTimeout(done, 400));
      const answer = await fetch(`/api/jobs/${place.dataset.job}`).catch(() => null);
      if (!answer?.ok) { say("The planner does not answer. Is it still running?"); return; }
      const job = await answer.json();
      if (job.state === "done" || job.state === "refused") { location.reload(); return; }
      place.querySelector("[data-step]").textContent = job.step;
      place.querySelector("[data-seconds]").textContent = Math.round(job.seconds);
      if (job.total) { bar.max = job.total; bar.value = job.done; }
    }
  };

  // Files dropped on their place are chosen in its input.
  for (const place of document.querySelectorAll(".drop")) {
    const input = place.querySelector("input[type=file]");
    for (const name of ["dragover", "dragleave", "drop"]) {
      place.addEventListener(name, (event) => { event.preventDefault(); place.classList.toggle("over", name === "dragover"); });
    }
    place.addEventListener("drop", (event) => { input.files = event.dataTransfer.files; say(`${input.files.length} chosen.`); });
  }

  // A point of the frontier, chosen by a slider, or drawn along the curve with mouse or finger.
  const pick = document.querySelector("input[data-pick]");
  if (pick) {
    const plot = document.querySelector("[data-figure=figure-frontier]");
    const marks = () => [...(plot?.querySelectorAll(".scatterlayer .trace") ?? [])].map((each) => [...each.querySelectorAll(".points path")]).find((each) => each.length === Number(pick.max) + 1) ?? [];
    const show = () => {
      for (const each of document.querySelectorAll("[data-point]")) { each.hidden = each.dataset.point !== pick.value; }
      marks().forEach((each, place) => each.classList.toggle("chosen", String(place) === pick.value));
    };
    const nearest = (event) => {
      const away = marks().map((each) => { const box = each.getBoundingClientRect(); return Math.hypot(box.x + box.width / 2 - event.clientX, (box.y + box.height / 2 - event.clientY) / 4); });
      if (away.length) { pick.value = away.indexOf(Math.min(...away)); show(); }
    };
    let down = false;
    plot?.addEventListener("pointerdown", (event) => { down = true; nearest(event); }, true);
    window.addEventListener("pointermove", (event) => { if (down) { nearest(event); } }, true);
    for (const name of ["pointerup", "pointercancel"]) { window.addEventListener(name, () => { down = false; }, true); }
    pick.addEventListener("input", show);
    show();
    if (plot) { new MutationObserver(show).observe(plot, { childList: true, subtree: true }); }
  }

  slide(main);
  load(main);
  watch();
})();
