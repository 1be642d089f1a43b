// A drawing pad. Its value is the drawing as a PNG data URL, or "" while nothing is drawn. It changes while one draws,
// at most every LIVE, and the answer comes as the property `answer`; the event "submit" says that the pen has rested.
// Strokes are kept as points, so that one can be taken back.
const LIVE = 120; // ms between two readings while one draws
const REST = 600; // ms without a new point until the drawing counts as made
const SIDE = 280; // the strokes' own units
const MOST_BARS = 10; // of more classes the likeliest have one
const canvas = element.querySelector("canvas");
const pen = canvas.getContext("2d");
const width = element.querySelector("input");
const bars = element.querySelector(".pad-bars");
const [empty, said] = [".pad-empty", ".pad-said"].map((name) => element.querySelector(name));
let strokes = [];
let current = null;
let live = null;
let rest = null;

function place(event) {
  const box = canvas.getBoundingClientRect();
  return [((event.clientX - box.left) * SIDE) / box.width, ((event.clientY - box.top) * SIDE) / box.height];
}

function paint(pen, side) {
  pen.setTransform(side / SIDE, 0, 0, side / SIDE, 0, 0);
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, SIDE, SIDE);
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

// The screen gets a finer picture than the server.
const sent = Object.assign(document.createElement("canvas"), { width: SIDE, height: SIDE });

function publish() {
  live = null;
  paint(sent.getContext("2d"), SIDE);
  props.value = strokes.length ? sent.toDataURL("image/png") : "";
}

function rested() {
  rest = null;
  if (current) return wait(); // held still, but not lifted
  if (strokes.length) trigger("submit"); // an empty pad is nothing to read, and would stop an answer that is on its way
}

function wait() {
  clearTimeout(rest);
  rest = setTimeout(rested, REST);
}

// A question brings the drawing along: the reading of its own, coming after it, would only stop the answer.
const ASKS = { pointerdown: "#chat .option, #question .submit-button", keydown: "#chat .option, #question textarea" };
for (const [name, asking] of Object.entries(ASKS)) {
  document.addEventListener(
    name,
    (event) => {
      if (!rest || !event.target.closest?.(asking) || (name === "keydown" && event.key !== "Enter")) return;
      clearTimeout(live);
      publish();
      clearTimeout(rest);
      rest = null;
    },
    true,
  );
}

function changed() {
  paint(pen, canvas.width);
  live ??= setTimeout(publish, LIVE);
  wait();
  if (!strokes.length) read(null);
}

for (let place = 0; place < Math.min(props.names.length, MOST_BARS); place++) {
  const row = bars.appendChild(document.createElement("li"));
  row.innerHTML = `<b></b><span class="pad-track"><i></i></span><span class="pad-share"></span>`;
}

function read(answer) {
  empty.hidden = Boolean(answer);
  said.hidden = !answer;
  said.textContent = answer ? answer.said : "";
  const names = answer?.names ?? props.names;
  bars.classList.toggle("lettered", names.some((name) => !/^\d$/.test(name)));
  element.querySelector(".pad").classList.toggle("named", names.some((name) => name.length > 2));
  [...bars.children].forEach((row, place) => {
    const digit = answer ? answer.shown[place] : place;
    // Of many classes those shown change, and before anything is drawn none is likelier than another.
    row.querySelector("b").textContent = answer || names.length <= MOST_BARS ? names[digit] : "";
    row.classList.toggle("read", Boolean(answer) && answer.is_digit && digit === answer.digit);
    row.style.setProperty("--share", answer ? answer.probabilities[digit] : 0);
    row.querySelector(".pad-share").textContent = answer ? answer.shares[digit] : "";
  });
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
watch("names", () => read(strokes.length ? props.answer : null));
watch("answer", () => read(strokes.length ? props.answer : null));
paint(pen, canvas.width);
read(null);
canvas.dataset.ready = "yes"; // from here on it can be drawn on
