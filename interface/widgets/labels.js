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
    "#camera [title='grant webcam access']": words.label_camera_start,
    "#camera .button-wrap button:first-child": words.label_photo,
    "#camera [title='capture photo']": words.label_photo,
    "#ways button[aria-label='More tabs']": words.label_more_tabs,
  };
  // What stands in English on the page itself, by how it begins.
  const said = {
    "Invalid file type": words.label_not_a_picture,
    "File(s) exceed": words.label_too_large,
    Error: words.label_error,
    "Click to Access Webcam": words.label_camera_start,
  };

  function translate(places) {
    for (const one of places) {
      const text = [...one.childNodes].find((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
      const own = Object.entries(said).find(([english]) => text?.data.trim().startsWith(english));
      if (own && text.data !== own[1]) text.data = own[1];
    }
  }

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
    translate(columns.querySelectorAll("#camera button span, #camera button div"));
    // Gradio makes a button of each picture, which does nothing: it is enlarged by the button of that name.
    for (const picture of columns.querySelectorAll("#chat .image-container > button:not([role])")) {
      picture.tabIndex = -1;
      picture.setAttribute("role", "group");
      picture.addEventListener("click", () => picture.parentElement.querySelector(".icon-button-wrapper button")?.click());
    }
    columns.querySelector("#upload .upload-container")?.removeAttribute("aria-label"); // what stands on it is its name
  }

  name();
  new MutationObserver(name).observe(columns, { childList: true, subtree: true });
  const toasts = () => translate(document.querySelectorAll(".toast-title, .toast-message-text"));
  new MutationObserver(toasts).observe(document.body, { childList: true, subtree: true });
});
