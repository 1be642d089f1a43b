// Says the pad in the visitor's language: a new template would take the drawing and its events away.
watch("words", () => {
  const { words } = props;
  const pad = element.querySelector(".pad");
  const say = (selector, name, text) => {
    const element = pad.querySelector(selector);
    element.setAttribute("aria-label", words[name]);
    if (text) element.textContent = words[text];
  };
  say("canvas", "pad_canvas");
  say(".pad-undo", "pad_undo_label", "pad_undo");
  say(".pad-clear", "pad_clear_label", "pad_clear");
  say("input", "pad_pen_label");
  say(".pad-bars", "pad_bars");
  pad.querySelector(".pad-width span").textContent = words.pad_pen;
  pad.querySelector(".pad-empty").textContent = words.pad_empty;
  // A web component stands in a page with a language of its own.
  const spoken = window.__gradio_mode__ === "app" ? document.documentElement : element.closest("gradio-app");
  spoken.lang = words.lang;
});
