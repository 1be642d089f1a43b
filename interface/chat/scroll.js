// Keeps the newest question at the top of the chat while its answer grows below it, until the reader scrolls.
// Who asks from further down the page, from the question box on a phone or from the editor, is taken to the chat.
// Whose offered question went away with being pressed goes on with the keyboard at that question, above the answer.
// (Gradio's own way keeps the end in view, and the first sentence of a long answer would leave at the top.)
() => {
  let asked = 0;
  let following = false;
  let pressed = false;
  // Whoever opens a link to a picture or an answer, or chooses an example, wants to see what is said of it; a page in
  // another one's frame leaves that page where it is.
  const whole = window.top === window && window.__gradio_mode__ === "app";
  let sought = whole && /[?&](ask|image)=/.test(location.search);
  // As a web component the chat may stand in a page twice, and this runs once for each.
  const chat = document.querySelector("#chat:not([data-followed])");
  if (!chat) return;
  chat.dataset.followed = "";

  function follow() {
    const log = chat.querySelector("[role=log]");
    const questions = chat.querySelectorAll("[data-testid=user]");
    if (questions.length > asked) {
      following = true;
      if (pressed) start(questions[questions.length - 1]);
    }
    asked = questions.length;
    if (!log || !asked || !following) return;
    if (sought && chat.getBoundingClientRect().top > innerHeight / 3) chat.scrollIntoView(); // on a phone, as it grows
    const row = questions[asked - 1].closest(".message-row");
    log.scrollTop += row.getBoundingClientRect().top - log.getBoundingClientRect().top - 8;
  }

  function start(question) {
    pressed = false;
    question.tabIndex = -1;
    question.focus({ preventScroll: true });
  }

  const show = () => chat.scrollIntoView({ block: "nearest" });
  document.addEventListener("click", (event) => {
    if (event.target.closest("#chat .option")) pressed = true;
    if (event.target.closest(".editor-why, #question .submit-button")) show();
    if (event.target.closest("#examples button")) sought = whole;
  });
  // Who has forgotten everything by the keyboard would be left without a place: the button goes.
  const forget = "#chat > .wrapper > .icon-button-wrapper button";
  document.addEventListener(
    "click",
    (event) => {
      if (!event.detail && event.target.closest(forget)) document.querySelector("#question textarea").focus();
    },
    true,
  );
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && event.target.closest("#question textarea")) show();
  });
  for (const name of ["wheel", "touchmove", "pointerdown", "keydown"]) {
    chat.addEventListener(name, () => (following = false), { passive: true });
    document.addEventListener(name, () => (sought = false), { passive: true });
  }
  chat.addEventListener("load", follow, true); // a picture has found its size
  new MutationObserver(follow).observe(chat, { childList: true, subtree: true, characterData: true });
  new ResizeObserver(follow).observe(document.body); // what stands above the chat may be laid out after the answer
}
