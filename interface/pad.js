// A drawing pad. Its value is the drawing as a PNG data URL, or "" while nothing is drawn. Strokes are kept as
// points, so that one can be taken back. Setting props.value fires the component's change event.
const PAUSE = 300; // ms without a new point until the drawing is sent
const canvas = element.querySelector("canvas");
const pen = canvas.getContext("2d");
const width = element.querySelector("input");
let strokes = [];
let current = null;
let timer = null;

function place(event) {
  const box = canvas.getBoundingClientRect();
  return [((event.clientX - box.left) * canvas.width) / box.width, ((event.clientY - box.top) * canvas.height) / box.height];
}

function paint() {
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.strokeStyle = "#111";
  pen.lineCap = pen.lineJoin = "round";
  for (const { points, thickness } of strokes) {
    pen.lineWidth = thickness;
    pen.beginPath();
    pen.moveTo(...points[0]);
    // Curves through the midpoints: a fast hand leaves few points, and straight pieces would look like corners.
    for (let i = 1; i + 1 < points.length; i++) {
      const [x, y] = points[i];
      const [nextX, nextY] = points[i + 1];
      pen.quadraticCurveTo(x, y, (x + nextX) / 2, (y + nextY) / 2);
    }
    pen.lineTo(...points[points.length - 1]);
    pen.stroke();
  }
}

function publish() {
  timer = null;
  props.value = strokes.length ? canvas.toDataURL("image/png") : "";
}

function changed() {
  paint();
  clearTimeout(timer);
  timer = setTimeout(publish, PAUSE);
}

canvas.addEventListener("pointerdown", (event) => {
  if (event.button !== 0 || !event.isPrimary) return;
  event.preventDefault();
  canvas.setPointerCapture(event.pointerId);
  current = { points: [place(event)], thickness: Number(width.value) };
  strokes.push(current);
  changed();
});
canvas.addEventListener("pointermove", (event) => {
  if (!current || !event.isPrimary) return;
  const between = event.getCoalescedEvents ? event.getCoalescedEvents() : [];
  for (const step of between.length ? between : [event]) current.points.push(place(step));
  changed();
});
for (const name of ["pointerup", "pointercancel"]) {
  canvas.addEventListener(name, (event) => {
    if (event.isPrimary) current = null;
  });
}
element.querySelector(".pad-undo").addEventListener("click", () => {
  strokes.pop();
  changed();
});
element.querySelector(".pad-clear").addEventListener("click", () => {
  strokes = [];
  changed();
});
paint();
canvas.dataset.ready = "yes"; // from here on it can be drawn on
