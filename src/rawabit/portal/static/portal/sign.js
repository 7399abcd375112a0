// A signature drawn with finger, pen or mouse. What is sent are points in a box of 600 × 240, never a picture.
const WIDTH = 600, HEIGHT = 240, MOST = 1400, MOST_STROKES = 60;

function pad(canvas) {
  const field = document.getElementById(canvas.dataset.for);
  const clear = document.getElementById(canvas.dataset.clear);
  const pen = canvas.getContext("2d");
  let strokes = [], count = 0, now = null;
  canvas.width = WIDTH; canvas.height = HEIGHT;

  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    const x = Math.round((event.clientX - box.left) / box.width * WIDTH);
    const y = Math.round((event.clientY - box.top) / box.height * HEIGHT);
    return [Math.min(Math.max(x, 0), WIDTH), Math.min(Math.max(y, 0), HEIGHT)];
  };
  const draw = () => {
    pen.clearRect(0, 0, WIDTH, HEIGHT);
    pen.lineWidth = 4; pen.lineCap = pen.lineJoin = "round";
    pen.strokeStyle = getComputedStyle(canvas).color;
    for (const stroke of strokes) {
      pen.beginPath();
      pen.moveTo(stroke[0], stroke[1]);
      for (let i = 0; i < stroke.length; i += 2) pen.lineTo(stroke[i], stroke[i + 1]);
      pen.stroke();
    }
  };
  const keep = () => { field.value = strokes.length ? JSON.stringify(strokes) : ""; clear.hidden = !strokes.length; };

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button || strokes.length >= MOST_STROKES) return;
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    now = at(event); strokes.push(now); count += 1; draw();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!now || count >= MOST) return;
    const [x, y] = at(event), before = now.length - 2;
    if (Math.abs(x - now[before]) + Math.abs(y - now[before + 1]) < 4) return;
    now.push(x, y); count += 1; draw();
  });
  const end = () => { if (now) { now = null; keep(); } };
  canvas.addEventListener("pointerup", end);
  canvas.addEventListener("pointercancel", end);
  clear.addEventListener("click", () => { strokes = []; count = 0; now = null; draw(); keep(); });
  try { strokes = JSON.parse(field.value || "[]"); count = strokes.flat().length / 2; } catch { strokes = []; }
  draw(); clear.hidden = !strokes.length;
}

document.querySelectorAll("canvas.sig").forEach(pad);
