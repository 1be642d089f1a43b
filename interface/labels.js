// Names Gradio's own controls in the visitor's language for those who do not see them: Gradio has these names in
// English only, and reads a whole answer out as the name of its bubble.
watch("words", () => {
  const { words } = props;
  const columns = element.closest("#columns");
  const names = {
    "#chat [role=log]": words.conversation_label,
    "#chat .icon-button-wrapper.top-panel button, #chat > .wrapper > .icon-button-wrapper button": words.label_forget,
    "#chat .image-container .icon-button-wrapper button": words.label_enlarge,
    "#chat .scroll-down-button-container button": words.label_newest,
    "#chat [data-testid=user]": words.label_you,
    "#chat [data-testid=bot]": words.label_bot,
    "#question [role=group], #question textarea": words.question_label,
    "#question .upload-button": words.label_attach,
    "#question .submit-button": words.label_send,
  };

  function name() {
    for (const [selector, text] of Object.entries(names)) {
      for (const one of columns.querySelectorAll(selector)) {
        if (one.getAttribute("aria-label") !== text) one.setAttribute("aria-label", text);
        if (one.title && one.title !== text) one.title = text;
        if (one.dataset.testid === "user" || one.dataset.testid === "bot") one.setAttribute("role", "group");
      }
    }
    for (const picture of columns.querySelectorAll("#examples img")) {
      const alt = words[picture.closest("button").id.replace("example-", "examples.")];
      if (picture.alt !== alt) picture.alt = alt;
    }
    columns.querySelector("#upload .upload-container")?.removeAttribute("aria-label"); // what stands on it is its name
  }

  name();
  new MutationObserver(name).observe(columns, { childList: true, subtree: true });
});
