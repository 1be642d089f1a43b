// What the picture is after all changes, and how it is shown. A picture has 28 × 28 bytes, ink = 255.
const SIDE = 28;
const CELL = 20; // canvas pixels to one of the picture
const LEAST_NUMBER = 9.5; // screen pixels that a part's number is high, however small the canvas is shown
const WHITE = "#ffffff";

// Adds to `coverage` (784 values in [0, 1]) how far a round tip of a width covers each pixel on its way.
function cover(coverage, from, to, width) {
  const steps = Math.max(1, Math.ceil(4 * Math.hypot(to[0] - from[0], to[1] - from[1])));
  for (let step = 0; step <= steps; step++) {
    const x = from[0] + ((to[0] - from[0]) * step) / steps;
    const y = from[1] + ((to[1] - from[1]) * step) / steps;
    for (let i = 0; i < SIDE * SIDE; i++) {
      const away = Math.hypot((i % SIDE) + 0.5 - x, Math.floor(i / SIDE) + 0.5 - y);
      coverage[i] = Math.max(coverage[i], Math.min(1, width / 2 + 0.5 - away));
    }
  }
}

// The numbers of the parts that are not as they were: ink switched off, gaps filled.
function switchedBy(actions) {
  const numbers = new Set();
  for (const { part } of actions) if (part && !numbers.delete(part)) numbers.add(part);
  return numbers;
}

// The picture after `actions`: the parts first, then the strokes of brush and eraser in their order.
function bytesAfter(picture, actions) {
  const bytes = Uint8Array.from(picture.bytes);
  const switched = switchedBy(actions);
  for (const part of picture.parts) {
    if (!switched.has(part.number)) continue;
    for (const i of part.pixels) bytes[i] = part.kind === "gap" ? Math.max(bytes[i], picture.level) : 0;
  }
  for (const { coverage, erases } of actions) {
    if (!coverage) continue;
    for (let i = 0; i < bytes.length; i++) {
      const most = Math.round(255 * (1 - coverage[i]));
      bytes[i] = erases ? Math.min(bytes[i], most) : Math.max(bytes[i], Math.round(picture.level * coverage[i]));
    }
  }
  return bytes;
}

function toHex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// The part under a place, or the nearest within a finger's reach; undefined where there is none.
function partAt(parts, [x, y]) {
  const away = (part) =>
    Math.min(...part.pixels.map((i) => Math.hypot((i % SIDE) + 0.5 - x, Math.floor(i / SIDE) + 0.5 - y)));
  const [nearest] = parts.map((part) => [away(part), part]).sort((one, other) => one[0] - other[0]);
  return nearest && nearest[0] <= 1.5 ? nearest[1] : undefined;
}

function paint(canvas, picture, actions, frame) {
  const pen = canvas.getContext("2d");
  const bytes = bytesAfter(picture, actions);
  for (let i = 0; i < bytes.length; i++) {
    pen.fillStyle = `rgb(${bytes[i]} ${bytes[i]} ${bytes[i]})`;
    pen.fillRect((i % SIDE) * CELL, Math.floor(i / SIDE) * CELL, CELL, CELL);
  }
  const switched = switchedBy(actions);
  for (const part of picture.parts) outline(pen, part, switched.has(part.number));
  for (const part of picture.parts) badge(pen, part, switched.has(part.number));
  if (frame) {
    pen.setLineDash([]);
    pen.lineWidth = 4;
    pen.strokeStyle = "#f0e442";
    pen.strokeRect(frame[0] * CELL - 2, frame[1] * CELL - 2, CELL + 4, CELL + 4);
  }
}

// A line along the outer edges of the part's pixels: dashed around gaps and around ink that is switched off.
function outline(pen, part, switched) {
  const inside = new Set(part.pixels);
  pen.setLineDash((part.kind === "gap") !== switched ? [8, 6] : []);
  pen.lineWidth = 4;
  pen.strokeStyle = part.colour;
  pen.beginPath();
  for (const i of part.pixels) {
    const [column, row] = [i % SIDE, Math.floor(i / SIDE)];
    const [x, y] = [column * CELL, row * CELL];
    const line = (x1, y1, x2, y2) => (pen.moveTo(x1, y1), pen.lineTo(x2, y2));
    if (!inside.has(i - SIDE)) line(x, y, x + CELL, y);
    if (!inside.has(i + SIDE)) line(x, y + CELL, x + CELL, y + CELL);
    if (column === 0 || !inside.has(i - 1)) line(x, y, x, y + CELL);
    if (column === SIDE - 1 || !inside.has(i + 1)) line(x + CELL, y, x + CELL, y + CELL);
  }
  pen.stroke();
}

// How much larger than usual the numbers are drawn where the canvas is shown small.
function enlarged(canvas) {
  const shown = canvas.clientWidth / canvas.width;
  return shown ? Math.min(2, Math.max(1, LEAST_NUMBER / (20 * shown))) : 1;
}

function badge(pen, part, switched) {
  const scale = enlarged(pen.canvas);
  const [x, y] = part.middle.map((place) => (place + 0.5) * CELL);
  pen.setLineDash([]);
  pen.lineWidth = 4;
  pen.strokeStyle = part.colour;
  pen.fillStyle = switched === (part.kind === "gap") ? WHITE : "#cfcfcf";
  pen.beginPath();
  pen.arc(x, y, 15 * scale, 0, 2 * Math.PI);
  pen.fill();
  pen.stroke();
  pen.fillStyle = "#1a1a1a";
  pen.font = `600 ${20 * scale}px system-ui, sans-serif`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText(part.number, x, y + scale);
}
