// The link to an answer is copied instead of followed; with a key held down, or without this script, it is followed.
// Where the page may not write to the clipboard (in another site's frame, or without https) the old way is tried, and
// where that fails too, the address stands there, selected.
() => {
  const SHOWN = 5000; // ms
  const said = document.createElement("p");
  said.id = "link-said";
  said.setAttribute("role", "status");
  document.body.append(said);

  // On another site's page the address is not that page's, but that of the app shown there.
  function address(link) {
    const app = link.closest("gradio-app");
    return new URL(link.getAttribute("href"), app?.dataset.link || app?.getAttribute("src") || document.baseURI).href;
  }

  async function copied(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return false; // there is no clipboard, or it may not be used
    }
  }

  function selected(line, text, label) {
    const field = document.createElement("input");
    field.readOnly = true;
    field.value = text;
    field.setAttribute("aria-label", label);
    line.append(field);
    field.focus(); // it may stand below what is in view
    field.select();
    return field;
  }

  function say(line, name) {
    line.classList.add(name);
    said.textContent = line.querySelector(`.link_${name.replace("-", "_")}`).textContent;
    if (name === "copied") setTimeout(() => line.classList.remove(name), SHOWN);
  }

  async function copy(line, link) {
    line.classList.remove("copied", "not-copied");
    line.querySelector("input")?.remove();
    said.textContent = "";
    if (await copied(link.href)) return say(line, "copied");
    const field = selected(line, link.href, link.textContent);
    if (!document.execCommand("copy")) return say(line, "not-copied");
    field.remove();
    link.focus();
    say(line, "copied");
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(".answer-link a");
    if (!link) return;
    link.href = address(link);
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    copy(link.closest(".answer-link"), link);
  });
}
