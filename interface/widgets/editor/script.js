// The editor: what is done to the picture is kept as a list of actions, so that every one can be taken back. The
// server gets "NUMBER PIXELS" as the component's value, which fires its change event, at most every PAUSE; Gradio
// keeps one request on its way and then sends the newest value. Answers come as the property `answer`.
const PAUSE = 80; // ms in which changes are gathered
const LEAST_MARK = 0.005; // probability: a mark at the very start of a bar would look like its axis
const find = (selector) => element.querySelector(selector);
const editor = find(".editor");
const canvas = find("canvas");
let picture = null;
let actions = [];
let stroke = null; // the action that the pointer is drawing, with the place where it is
let frame = null; // the pixel that the arrow keys have come to
let sent = 0; // the number of the newest change that went to the server
let shown = 0; // the number of the newest one whose answer is seen
let timer = null;

const tools = [...element.querySelectorAll("input[type=radio]")];
const tool = () => tools.find((one) => one.checked).value;
const size = () => Number(find("input[type=range]").value);

function say() {
  for (const one of element.querySelectorAll("[data-text]")) one.textContent = props.words[one.dataset.text];
  for (const one of element.querySelectorAll("[data-label]")) {
    one.setAttribute("aria-label", props.words[one.dataset.label]);
  }
}

// A new picture, or none. Whatever is still on its way belongs to the one before.
function begin() {
  clearTimeout(timer);
  timer = null;
  const { pixels } = props.picture;
  picture = pixels ? { ...props.picture, bytes: Uint8Array.from(atob(pixels), (c) => c.charCodeAt(0)) } : null;
  actions = [];
  stroke = frame = null;
  shown = sent;
  editor.hidden = !picture;
  if (!picture) return;
  for (const list of element.querySelectorAll("[data-kind]")) {
    const parts = picture.parts.filter((part) => part.kind === list.dataset.kind);
    list.replaceChildren(...parts.map(partButton));
    list.parentElement.hidden = !parts.length;
  }
  find(".editor-bars").replaceChildren(...picture.answer.shown.map(bar));
  redraw();
  read(picture.answer, true);
}

function partButton(part) {
  const row = document.createElement("li");
  const button = row.appendChild(document.createElement("button"));
  button.type = "button";
  button.dataset.part = part.number;
  button.append(Object.assign(document.createElement("span"), { className: "editor-number", textContent: part.number }));
  button.append(Object.assign(document.createElement("span"), { className: "editor-name", textContent: part.name }));
  button.firstChild.style.borderColor = part.colour;
  button.addEventListener("click", () => act({ part: part.number }));
  return row;
}

function bar() {
  const row = document.createElement("li");
  row.innerHTML = '<b></b> <span class="editor-track"><i></i><s></s></span> <span class="editor-share"></span>';
  return row;
}

function read(answer, settled) {
  find(".editor-reading").classList.toggle("no-digit", !answer.is_digit);
  const bars = find(".editor-bars");
  bars.classList.toggle("lettered", answer.names.some((name) => !/^\d$/.test(name)));
  bars.classList.toggle("named", answer.names.some((name) => name.length > 2));
  [...find(".editor-bars").children].forEach((row, place) => {
    const digit = answer.shown[place]; // of many classes the likeliest are shown, which change
    const before = picture.answer.probabilities[digit];
    row.querySelector("b").textContent = answer.names[digit];
    row.querySelector("s").style.left = `${100 * before}%`;
    row.querySelector("s").hidden = before < LEAST_MARK;
    row.classList.toggle("read", digit === answer.digit);
    row.querySelector("i").style.width = `${100 * answer.probabilities[digit]}%`;
    row.querySelector(".editor-share").textContent = answer.shares[digit];
  });
  if (settled) find(".editor-said").textContent = answer.said; // not at every point of a stroke: it is read aloud
}

// An answer that was overtaken by a newer one, or that belongs to an earlier picture, is not shown.
function answered() {
  const answer = props.answer;
  if (answer && answer.problem) find(".editor-said").textContent = answer.problem;
  if (!answer || answer.problem || !picture || answer.number <= shown) return;
  shown = answer.number;
  read(answer, shown === sent && !timer && !stroke);
}

function redraw() {
  paint(canvas, picture, actions, document.activeElement === canvas ? frame : null);
  const switched = switchedBy(actions);
  for (const button of element.querySelectorAll("[data-part]")) {
    const { kind } = picture.parts.find((part) => part.number === Number(button.dataset.part));
    const changed = switched.has(Number(button.dataset.part));
    button.setAttribute("aria-pressed", String(kind === "gap" ? changed : !changed)); // pressed: there is ink
  }
  for (const name of [".editor-undo", ".editor-original"]) find(name).disabled = !actions.length;
}

function changed() {
  redraw();
  timer ??= setTimeout(send, PAUSE);
}

function send() {
  timer = null;
  sent += 1;
  props.value = `${sent} ${toHex(bytesAfter(picture, actions))}`;
}

function act(action) {
  actions.push(action);
  changed();
}

// A button that is switched off loses the focus to the start of the page.
function stay() {
  if (find(".editor-undo").disabled) canvas.focus({ preventScroll: true });
}

function place(event) {
  const box = canvas.getBoundingClientRect();
  return [((event.clientX - box.left) * SIDE) / box.width, ((event.clientY - box.top) * SIDE) / box.height];
}

function use(at) {
  if (tool() === "part") {
    const part = partAt(picture.parts, at);
    if (part) act({ part: part.number });
    return null;
  }
  const action = { coverage: new Float32Array(SIDE * SIDE), erases: tool() === "eraser", at };
  cover(action.coverage, at, at, size());
  act(action);
  return action;
}

canvas.addEventListener("click", (event) => {
  if (picture && tool() === "part") use(place(event));
});
canvas.addEventListener("pointerdown", (event) => {
  if (!picture || tool() === "part" || event.button !== 0 || !event.isPrimary) return;
  event.preventDefault();
  canvas.setPointerCapture(event.pointerId);
  stroke = use(place(event));
});
canvas.addEventListener("pointermove", (event) => {
  if (!stroke || !event.isPrimary) return;
  const between = event.getCoalescedEvents ? event.getCoalescedEvents() : [];
  for (const step of between.length ? between : [event]) {
    const next = place(step);
    cover(stroke.coverage, stroke.at, next, size());
    stroke.at = next;
  }
  changed();
});
for (const name of ["pointerup", "pointercancel"]) {
  canvas.addEventListener(name, (event) => {
    if (!stroke || !event.isPrimary) return;
    stroke = null;
    changed(); // the last answer may have come while it was drawn: what it said is still to be told
  });
}
canvas.addEventListener("keydown", (event) => {
  const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
  if (!picture || (!step && event.key !== " " && event.key !== "Enter")) return;
  event.preventDefault();
  frame ??= [SIDE / 2, SIDE / 2];
  if (step) frame = frame.map((at, axis) => Math.min(SIDE - 1, Math.max(0, at + step[axis])));
  else use(frame.map((at) => at + 0.5));
  redraw();
});
for (const name of ["focus", "blur"]) canvas.addEventListener(name, () => picture && redraw());
const group = `editor-tool-${Math.random()}`; // as a web component it may stand in a page twice
for (const input of tools) {
  input.name = group;
  input.addEventListener("change", () => (canvas.dataset.tool = tool()));
}
find(".editor-undo").addEventListener("click", () => {
  actions.pop();
  changed();
  stay();
});
find(".editor-original").addEventListener("click", () => {
  actions = [];
  changed();
  stay();
});
find(".editor-why").addEventListener("click", () => trigger("submit", { pixels: toHex(bytesAfter(picture, actions)) }));
new ResizeObserver(() => picture && redraw()).observe(canvas); // the numbers stay legible
watch("words", say);
watch("picture", begin);
watch("answer", answered);
say();
begin();
