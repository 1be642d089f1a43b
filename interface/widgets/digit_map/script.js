// Every dot of a map of all digits (widget.py) tells which digit it is: below a pointer or a finger, and
// with the arrow keys, which go to the next dot that way. The buttons below are the picture's neighbours.
() => {
  const NEAR = 30; // of the drawing's 1000 units: as far as a pointer may be off
  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const known = new WeakMap(); // the map's own element: its dots

  function dotsOf(map) {
    if (known.has(map)) return known.get(map);
    const dots = [...map.querySelectorAll(".map-yours, .map-near")].map((mark) => {
      const [x, y] = mark.dataset.at.split(" ").map(Number);
      const button = mark.matches(".map-near") ? mark : null;
      return { x, y, digit: mark.dataset.digit, place: mark.dataset.place, yours: !button, button };
    });
    for (const path of map.querySelectorAll(".map-dots"))
      for (const [, across, down] of path.getAttribute("d").matchAll(/M(\d+) (\d+)h0/g))
        dots.push({ x: Number(across), y: Number(down), digit: path.dataset.digit });
    known.set(map, dots);
    return dots;
  }

  // The nearest of those that `fits`; of equals the first, so that a neighbour goes before its own dot.
  function nearest(dots, x, y, fits = () => true) {
    let best = null;
    let least = Infinity;
    for (const dot of dots) {
      const far = Math.hypot(dot.x - x, dot.y - y);
      if (far < least && fits(dot, far)) [best, least] = [dot, far];
    }
    return best;
  }

  function choose(map, dot) {
    if (map.chosen === dot) return;
    map.chosen = dot;
    const sentence = dot.yours ? map.dataset.yours : dot.place ? map.dataset.neighbour : map.dataset.digit;
    map.querySelector("[role=status]").textContent = sentence
      .replace("{digit}", dot.digit)
      .replace("{place}", dot.place);
    for (const [name, value] of Object.entries({ cx: dot.x, cy: dot.y, visibility: "visible" }))
      map.querySelector(".map-cursor").setAttribute(name, value);
    for (const button of map.querySelectorAll(".map-near")) button.classList.toggle("map-chosen", button === dot.button);
    const seen = map.querySelector(".digit-map-said img");
    const source = dot.button?.querySelector("img");
    seen.hidden = !source;
    if (source) seen.src = source.src;
  }

  function point(event) {
    const drawing = event.target.closest?.(".digit-map svg");
    if (!drawing) return;
    const box = drawing.getBoundingClientRect();
    const [x, y] = [((event.clientX - box.left) * 1000) / box.width, ((event.clientY - box.top) * 1000) / box.height];
    const map = drawing.closest(".digit-map");
    const dot = nearest(dotsOf(map), x, y, (_, far) => far <= NEAR);
    if (dot) choose(map, dot);
  }

  function press(event) {
    const way = ARROWS[event.key];
    const map = event.target.closest?.(".digit-map svg")?.closest(".digit-map");
    if (!map || !way || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault(); // else the page scrolls
    const dots = dotsOf(map);
    const from = map.chosen ?? dots[0];
    const next = nearest(dots, from.x, from.y, (dot) => {
      const [across, down] = [dot.x - from.x, dot.y - from.y];
      const along = across * way[0] + down * way[1];
      return along > 0 && along >= Math.abs(across * way[1]) + Math.abs(down * way[0]);
    });
    if (next) choose(map, next);
  }

  function reach(event) {
    const button = event.target.closest?.(".map-near");
    const map = event.target.closest?.(".digit-map");
    if (button) choose(map, dotsOf(map).find((dot) => dot.button === button));
    else if (map && event.type === "focusin" && !map.chosen) choose(map, dotsOf(map)[0]);
  }

  for (const name of ["pointermove", "pointerdown"]) document.addEventListener(name, point);
  for (const name of ["pointerover", "click", "focusin"]) document.addEventListener(name, reach);
  document.addEventListener("keydown", press);
}
